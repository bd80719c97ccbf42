// biome-ignore-all lint/suspicious/noTemplateCurlyInString: shells write their variables as ${...}
import { type Command, EVERYWHERE } from './command.ts';

export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

const optionsOf = (command: Command) => [...command.options, ...EVERYWHERE];
const firstWords = (commands: readonly Command[]): string[] => [...new Set(commands.map((each) => each.path[0]))];
const secondWords = (commands: readonly Command[], first: string): string[] =>
  commands.filter((each) => each.path[0] === first && each.path[1] !== undefined).map((each) => each.path[1] ?? '');

/** The script that teaches a shell the command table. */
export const completionScript = (shell: Shell, commands: readonly Command[]): string => WRITERS[shell](commands);

const WRITERS: { readonly [shell in Shell]: (commands: readonly Command[]) => string } = {
  bash: (commands) =>
    [
      '# baton completions for bash: eval "$(baton completions bash)"',
      '_baton() {',
      '  local word="${COMP_WORDS[COMP_CWORD]}" path="" options="" i',
      '  for ((i = 1; i < COMP_CWORD; i++)); do case "${COMP_WORDS[i]}" in -*) ;; *) path="$path ${COMP_WORDS[i]}" ;; esac; done',
      '  case "$path" in',
      `    "") options="${firstWords(commands).join(' ')} help --help --version" ;;`,
      ...firstWords(commands)
        .filter((first) => secondWords(commands, first).length > 0)
        .map((first) => `    " ${first}") options="${secondWords(commands, first).join(' ')}" ;;`),
      '  esac',
      '  case "$path" in',
      ...[...commands]
        .sort((a, b) => b.path.length - a.path.length)
        .map(
          (each) =>
            `    " ${each.path.join(' ')}"*) options="$options ${optionsOf(each)
              .map((option) => `--${option.name}`)
              .join(' ')}" ;;`,
        ),
      '  esac',
      '  COMPREPLY=($(compgen -W "$options" -- "$word"))',
      '  [[ "$word" != -* && ${#COMPREPLY[@]} -eq 0 ]] && COMPREPLY=($(compgen -f -- "$word"))',
      '}',
      'complete -o filenames -F _baton baton ./baton',
    ].join('\n'),
  zsh: (commands) =>
    [
      '#compdef baton',
      '# baton completions for zsh: eval "$(baton completions zsh)"',
      '_baton() {',
      '  local -a words_given choices',
      '  words_given=(${${words[2,CURRENT-1]}:#-*})',
      '  case "${words_given[*]}" in',
      `    "") choices=(${firstWords(commands)
        .map((first) => quoteZsh(first, describe(commands, first)))
        .join(' ')}) ;;`,
      ...firstWords(commands)
        .filter((first) => secondWords(commands, first).length > 0)
        .map(
          (first) =>
            `    "${first}") choices=(${commands
              .filter((each) => each.path[0] === first && each.path[1] !== undefined)
              .map((each) => quoteZsh(each.path[1] ?? '', each.say))
              .join(' ')}) ;;`,
        ),
      '  esac',
      '  case "${words_given[*]}" in',
      ...[...commands]
        .sort((a, b) => b.path.length - a.path.length)
        .map(
          (each) =>
            `    "${each.path.join(' ')}"*) choices+=(${optionsOf(each)
              .map((option) => quoteZsh(`--${option.name}`, option.say))
              .join(' ')}) ;;`,
        ),
      '  esac',
      "  _describe 'baton' choices || _files",
      '}',
      'compdef _baton baton ./baton',
    ].join('\n'),
  fish: (commands) =>
    [
      '# baton completions for fish: baton completions fish | source',
      'function __baton_at',
      '  set -l given (string match -v -- "-*" (commandline -opc)[2..-1])',
      '  test "$given[1..'.concat('(count $argv)]" = "$argv"'),
      'end',
      'function __baton_first',
      '  test (count (string match -v -- "-*" (commandline -opc)[2..-1])) -eq 0',
      'end',
      ...firstWords(commands).map(
        (first) => `complete -c baton -n __baton_first -f -a ${first} -d ${quoteFish(describe(commands, first))}`,
      ),
      ...commands
        .filter((each) => each.path[1] !== undefined)
        .map(
          (each) => `complete -c baton -n "__baton_at ${each.path[0]}" -f -a ${each.path[1]} -d ${quoteFish(each.say)}`,
        ),
      ...commands.flatMap((each) =>
        optionsOf(each).map(
          (option) =>
            `complete -c baton -n "__baton_at ${each.path.join(' ')}" -l ${option.name}` +
            `${option.takes === undefined ? '' : ' -r'} -d ${quoteFish(option.say)}`,
        ),
      ),
    ].join('\n'),
};

const describe = (commands: readonly Command[], first: string): string =>
  commands.find((each) => each.path.length === 1 && each.path[0] === first)?.say ?? `the ${first} commands`;
const quoteFish = (words: string): string => `'${words.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
const quoteZsh = (word: string, say: string): string =>
  `'${word.replaceAll(':', '\\:')}:${say.replaceAll("'", "'\\''")}'`;
