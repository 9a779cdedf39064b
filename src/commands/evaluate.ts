import { Command } from 'commander';
import { evaluateFacesCommand } from './evaluate-faces.ts';
import { evaluateScreeningCommand } from './evaluate-screening.ts';

/** `fevergate evaluate`: how good the gate is on labelled data of one's own. */
export function evaluateCommand(): Command {
  return new Command('evaluate')
    .description('measure the gate on labelled data of your own')
    .addCommand(evaluateFacesCommand())
    .addCommand(evaluateScreeningCommand());
}
