/** Completion for zsh: `source <(kontor completion zsh)`, or a file `_kontor` in a folder of `fpath`. */
import { type CommandWords, type FlagWord, type Grammar, type Value, wordsByFirst } from './grammar.ts';

export function zshCompletion(grammar: Grammar): string {
  const first = wordsByFirst(grammar);
  const groups = [...first].filter(([name]) => name !== '');
  const ownFlags = grammar.commands.flatMap(({ name, flags }) => flags.flatMap((flag) => valueCase(`"${name} ${flag.name}"`, flag)));
  const optionFlags = grammar.options.flatMap((flag) => valueCase(`*" ${flag.name}"`, flag));
  return `#compdef kontor
# Completion of kontor for zsh. Written by \`kontor completion zsh\`.
_kontor() {
  local command previous second=3
  local -a shown options
  options=(
${grammar.options.map((flag) => `    ${described(flag.name, flag.says)}`).join('\n')}
  )
  if ((CURRENT == 2)); then
    shown=(${(first.get('') ?? []).map(({ word, says }) => described(word, says)).join(' ')})
    _describe command shown
    return
  fi
  command=$words[2]
  if [[ $command == help ]] && ((CURRENT > 3)); then
    command=$words[3]
    second=4
  fi
  case $command in
${groups.map(([name, seconds]) => `    ${name})\n      if ((CURRENT == second)); then\n        shown=(${seconds.map(({ word, says }) => described(word, says)).join(' ')})\n        _describe command shown\n        return\n      fi\n      command="$command $words[$second]"\n      ;;`).join('\n')}
  esac
  previous=$words[$((CURRENT - 1))]
  if [[ $PREFIX == --*=* ]]; then
    previous=\${PREFIX%%=*}
    compset -P '*='
  fi
  case "$command $previous" in
${[...ownFlags, ...optionFlags].map((line) => `    ${line}`).join('\n')}
  esac
  if [[ $PREFIX == -* ]]; then
    case $command in
${grammar.commands.map(flagsCase).join('\n')}
    esac
    return
  fi
  case $command in
${grammar.commands.flatMap(({ name, operands }) => (operands === 'unknown' ? [] : [`    "${name}") ${answer(operands)} ;;`])).join('\n')}
  esac
}
if [[ $funcstack[1] == _kontor ]]; then
  _kontor "$@"
else
  compdef _kontor kontor
fi`;
}

function flagsCase({ name, flags, takesOptions }: CommandWords): string {
  const own = flags.map((flag) => described(flag.name, flag.says)).join(' ');
  return `      "${name}") shown=(${own}${takesOptions ? ' $options' : ''}); _describe -o flag shown ;;`;
}

/** `'word:what it means'`, where zsh takes a colon in the word as `\:`. */
function described(word: string, says: string): string {
  return `'${`${word.replaceAll(':', '\\:')}:${says}`.replaceAll("'", "'\\''")}'`;
}

function valueCase(pattern: string, { value }: FlagWord): string[] {
  return value === undefined ? [] : [`${pattern}) ${answer(value)}; return ;;`];
}

function answer(value: Value): string {
  if (value === 'path') return '_files';
  return value === 'unknown' ? ':' : `compadd -- ${value.words.join(' ')}`;
}
