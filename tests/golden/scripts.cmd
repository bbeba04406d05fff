# wasmgdb -nx
define greet
echo hello $arg0, $argc of you\n
show listsize
end
document greet
Greet somebody.
The first argument says whom.
end
greet world
gre you
greet
show user
show user greet
help greet
help user-defined
define help
define
document nosuch
document list-nothing
define outer
define inner
echo inside\n
end
end
outer
inner
alias hi = greet big
hi
alias hi = help
alias
alias a = nosuch
define loop
loop
end
loop
source
source tests/golden/nosuch.gdb
source tests/golden/script.gdb
source -v tests/golden/script.gdb
pipe help support | head -3 >/dev/null
pipe
pipe help
| help |
shell true
! true
set shell-commands off
shell echo forbidden
set shell-commands on
set trace-commands on
echo traced\n
set trace-commands off
define unfinished
echo never\n
