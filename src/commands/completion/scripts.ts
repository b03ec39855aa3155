/** The shells that have a script. */
export const shells = ['bash', 'zsh', 'fish'] as const;

// Each script hands the words of the line to "hostwright __complete", which answers with a line for
// each candidate: the word, a tab, what it is. The line ":files" or ":folders" leaves the word to
// the shell; behind its tab is what stands before the path in the word: "--inventory=", "-i".
const bash = `# Completion of hostwright for bash. In ~/.bashrc: source <(hostwright completion bash)
_hostwright() {
  local i word typed line prefix glued kind quote
  local -a words=()
  # bash splits words at ":" and "=": they are put together again.
  for ((i = 1; i <= COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]}
    if ((\${#words[@]} > 0)) && [[ $word =~ ^[:=]+$ || \${COMP_WORDS[i - 1]} =~ ^[:=]+$ ]]; then
      words[\${#words[@]}-1]+=$word
    else
      words+=("$word")
    fi
  done
  # They are as they were typed, with quotes and backslashes.
  for i in "\${!words[@]}"; do
    word=\${words[i]} quote=
    if [[ $word == [\\"\\']* ]]; then quote=\${word:0:1} word=\${word:1}; fi
    if [[ -n $quote ]]; then words[i]=\${word%"$quote"}; else words[i]=\${word//'\\'/}; fi
  done
  typed=\${words[\${#words[@]}-1]}
  # In quotes, a word goes on behind ":" and "=".
  prefix=
  [[ -n $quote ]] || prefix=\${typed%"\${typed##*[:=]}"}
  COMPREPLY=()
  while IFS= read -r line; do
    case $line in
      :files* | :folders*)
        kind=-f glued=
        [[ $line == :files* ]] || kind=-d
        # What is before "=" is a word of its own to bash.
        [[ -n $prefix ]] || glued=\${line#*$'\t'}
        compopt -o filenames
        mapfile -t COMPREPLY < <(compgen -P "$glued" "$kind" -- "\${typed#"$prefix$glued"}")
        if [[ -n $glued && \${#COMPREPLY[@]} -eq 1 && -d \${COMPREPLY[0]#"$glued"} ]]; then
          COMPREPLY[0]+=/
          compopt -o nospace
        fi ;;
      *)
        word=\${line%%$'\\t'*} word=\${word#"$prefix"}
        case $quote in
          "'") word=\${word//"'"/"'"'\\'"''"} ;;
          '"') for glued in '\\' '"' '$' '\`'; do word=\${word//"$glued"/'\\'"$glued"}; done ;;
          *) [[ $word != *[!A-Za-z0-9_@%+=:,./!*\\&~^-]* ]] || printf -v word %q "$word" ;;
        esac
        COMPREPLY+=("$word") ;;
    esac
  done < <("\${COMP_WORDS[0]}" __complete -- "\${words[@]}" 2>/dev/null)
  if ((\${#COMPREPLY[@]} == 1)) && [[ \${COMPREPLY[0]} == *= ]]; then compopt -o nospace; fi
}
complete -F _hostwright hostwright
`;

const zsh = `#compdef hostwright
# Completion of hostwright for zsh. In ~/.zshrc, after compinit: source <(hostwright completion zsh)
_hostwright() {
  local line word
  local -a assignments candidates
  for line in "\${(@f)$("\${words[1]}" __complete -- "\${(@Q)words[2,CURRENT-1]}" "\${(Q)PREFIX}" 2>/dev/null)}"; do
    case $line in
      '') ;;
      :files*) compset -P "\${(b)line#*$'\t'}"; _files; return ;;
      :folders*) compset -P "\${(b)line#*$'\t'}"; _files -/; return ;;
      *)
        word=\${\${line%%$'\\t'*}//:/\\\\:}
        if [[ $word == *= ]]; then assignments+=("$word:\${line#*$'\\t'}")
        else candidates+=("$word:\${line#*$'\\t'}")
        fi ;;
    esac
  done
  ((\${#assignments})) && _describe -t arguments argument assignments -S ''
  ((\${#candidates})) && _describe -t values value candidates
}
compdef _hostwright hostwright
`;

const fish = `# Completion of hostwright for fish. Once: hostwright completion fish > \
~/.config/fish/completions/hostwright.fish
function __hostwright_complete
    set -l words (commandline -opc)
    # The word is as it was typed, with a quote that is open and backslashes.
    set -l current (commandline -ct | string replace -r '^["\\']' '' | string unescape)
    for line in ($words[1] __complete -- $words[2..-1] "$current" 2>/dev/null)
        set -l before (string replace -r '^[^\\t]*\\t' '' -- $line)
        set -l path (string sub -s (math (string length -- "$before") + 1) -- "$current")
        switch $line
            case ':files*'
                for found in (__fish_complete_path "$path")
                    echo -- "$before$found"
                end
            case ':folders*'
                for found in (__fish_complete_directories "$path")
                    echo -- "$before$found"
                end
            case '*'
                echo $line
        end
    end
end
complete -c hostwright -f -a '(__hostwright_complete)'
`;

/** What a shell reads to complete command lines of hostwright. */
export const scripts: Readonly<Record<(typeof shells)[number], string>> = { bash, zsh, fish };
