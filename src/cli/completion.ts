import path from 'node:path';
import { NonetError } from '../core/errors.ts';

/**
 * What a shell sources: `source <(nonet completion bash)`. The scripts hold no names of their own; they ask `nonet __complete` each time, so
 * that commands, panes and sessions are those of now. A line `:files` in its answer asks for the shell's own file names as well.
 */
export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

/** For the shell that was asked for, or else for that of `$SHELL`. Throws NonetError `usage`. */
export function completionScript(asked: string | undefined, shellVariable = ''): string {
  const own = path.basename(shellVariable);
  const shell = SHELLS.find((name) => name === (asked ?? own));
  if (shell) return completionScripts[shell];
  const usage = `nonet completion ${SHELLS.join('|')}`;
  if (asked !== undefined) {
    throw new NonetError('usage', `there is no completion for ${JSON.stringify(asked)}`, { hint: usage });
  }
  const hint = own === '' ? '$SHELL is not set' : `there is none for ${JSON.stringify(own)}, which is your $SHELL`;
  throw new NonetError('usage', `say which shell: ${usage}`, { hint });
}

export const completionScripts: Record<Shell, string> = {
  bash: `# nonet: completion for bash. Put this into ~/.bashrc: source <(nonet completion bash)
_nonet() {
  local line files=0
  COMPREPLY=()
  while IFS= read -r line; do
    if [[ $line == :files ]]; then files=1; continue; fi
    line=\${line%%$'\\t'*}
    [[ $line == "$2"* ]] && COMPREPLY+=("$(printf '%q' "$line")")
  done < <(nonet __complete "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
  if ((files)); then
    compopt -o filenames 2>/dev/null
    while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -f -- "$2")
  fi
}
complete -F _nonet nonet`,
  zsh: `#compdef nonet
# nonet: completion for zsh. Put this into ~/.zshrc: source <(nonet completion zsh)
_nonet() {
  local line files=0
  local -a found
  while IFS= read -r line; do
    if [[ $line == :files ]]; then files=1; continue; fi
    found+=("\${\${line%%$'\\t'*}//:/\\\\:}:\${line#*$'\\t'}")
  done < <(nonet __complete "\${(@)words[2,CURRENT]}" 2>/dev/null)
  _describe -V nonet found
  ((files)) && _files
}
if [[ \${funcstack[1]} == _nonet ]]; then _nonet "$@"; else compdef _nonet nonet; fi`,
  fish: `# nonet: completion for fish. Put this into ~/.config/fish/config.fish: nonet completion fish | source
function __nonet_complete
  set -l words (commandline -opc)[2..-1] (commandline -ct)
  for line in (nonet __complete $words 2>/dev/null)
    if test "$line" = :files
      __fish_complete_path (commandline -ct)
    else
      echo $line
    end
  end
end
complete -c nonet -f -a '(__nonet_complete)'`,
};
