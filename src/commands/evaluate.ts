import { Command } from 'commander';
import { evaluateFacesCommand } from './evaluate-faces.ts';

/** `fevergate evaluate`: how well a part of the gate does on data of one's own. */
export function evaluateCommand(): Command {
  return new Command('evaluate')
    .description('measure how well the gate does on labelled data of your own')
    .addCommand(evaluateFacesCommand());
}
