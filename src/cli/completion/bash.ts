/** Completion for bash: `source <(kontor completion bash)`. */
import { type FlagWord, type Grammar, type Value, wordsByFirst } from './grammar.ts';

export function bashCompletion(grammar: Grammar): string {
  const first = wordsByFirst(grammar);
  const groups = [...first].filter(([name]) => name !== '');
  const ownFlags = grammar.commands.flatMap(({ name, flags }) => flags.flatMap((flag) => valueCase(`"${name} ${flag.name}"`, flag)));
  const optionFlags = grammar.options.flatMap((flag) => valueCase(`*" ${flag.name}"`, flag));
  return `# Completion of kontor for bash. Written by \`kontor completion bash\`.
_kontor_words() {
  COMPREPLY=($(compgen -W "$1" -- "$current"))
}
_kontor_paths() {
  COMPREPLY=()
  compopt -o default 2>/dev/null
}
_kontor() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD - 1]}" command second
  local options="${words(grammar.options)}"
  COMPREPLY=()
  # Bash splits --flag=value at the equals sign.
  if [[ $current == = ]]; then
    current=
  elif [[ $previous == = ]]; then
    previous="\${COMP_WORDS[COMP_CWORD - 2]}"
  fi
  if ((COMP_CWORD == 1)); then
    _kontor_words "${(first.get('') ?? []).map(({ word }) => word).join(' ')}"
    return
  fi
  command="\${COMP_WORDS[1]}"
  second=2
  if [[ $command == help ]] && ((COMP_CWORD > 2)); then
    command="\${COMP_WORDS[2]}"
    second=3
  fi
  case "$command" in
${groups.map(([name, seconds]) => `    ${name}) if ((COMP_CWORD == second)); then _kontor_words "${seconds.map(({ word }) => word).join(' ')}"; return; fi; command="$command \${COMP_WORDS[second]}" ;;`).join('\n')}
  esac
  case "$command $previous" in
${[...ownFlags, ...optionFlags].map((line) => `    ${line}`).join('\n')}
  esac
  if [[ $current == -* ]]; then
    case "$command" in
${grammar.commands.map(({ name, flags, takesOptions }) => `      "${name}") _kontor_words "${words(flags)}${takesOptions ? ' $options' : ''}" ;;`).join('\n')}
    esac
    return
  fi
  case "$command" in
${grammar.commands.flatMap(({ name, operands }) => (operands === 'unknown' ? [] : [`    "${name}") ${answer(operands)} ;;`])).join('\n')}
  esac
}
complete -F _kontor kontor`;
}

function words(flags: readonly FlagWord[]): string {
  return flags.map(({ name }) => name).join(' ');
}

function valueCase(pattern: string, { value }: FlagWord): string[] {
  return value === undefined ? [] : [`${pattern}) ${answer(value)}; return ;;`];
}

function answer(value: Value): string {
  if (value === 'path') return '_kontor_paths';
  return value === 'unknown' ? ':' : `_kontor_words "${value.words.join(' ')}"`;
}
