import type { CommandHelp } from './command-help.ts';

/** Completion for bash: commands, sub-commands and options; files elsewhere. */
export function bashCompletion(help: CommandHelp): string {
  const cases = withSubcommands(help).map((command) => {
    const words = [...command.commands.map(({ name }) => lastWord(name)), ...optionsOf(command)];
    return `    '${command.name}') words='${words.join(' ')}' ;;`;
  });
  return `# bash completion for fevergate

_fevergate() {
  local words='' command=fevergate word
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case $word in
      -*) break ;;
      [a-z]*) command="$command $word" ;;
    esac
  done
  case $command in
${cases.join('\n')}
  esac
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}")
}

complete -o default -F _fevergate fevergate
`;
}

function withSubcommands(command: CommandHelp): readonly CommandHelp[] {
  return [command, ...command.commands.flatMap(withSubcommands)];
}

function optionsOf({ options }: CommandHelp): readonly string[] {
  return options.flatMap(({ term }) => /--[a-z][\w-]*/.exec(term)?.[0] ?? []);
}

function lastWord(name: string): string {
  return name.slice(name.lastIndexOf(' ') + 1);
}
