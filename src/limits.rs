//! Every hard cap on hostile input, in one table, with the reason beside the number.
//!
//! Dumps and modules come from strangers: nothing is allocated, walked or recursed into without one of
//! these. Limits that a user may change are settings (`settings.rs`); these may not be changed.

/// Most bytes read from something that cannot be mapped (a pipe): enough for any module, never the machine.
pub const MAX_UNMAPPABLE_FILE_BYTES: u64 = 1 << 30;

/// Bytes of a pipe that are read before its beginning must have been that of WebAssembly: whoever writes into it may
/// never end.
pub const PIPE_BEGINNING_BYTES: u64 = 1 << 16;

/// Most entries reserved up front for a vector whose count comes from a file; longer ones grow as they are
/// read, so that a count of 2^32 in a ten-byte file costs nothing.
pub const MAX_RESERVED_ENTRIES: usize = 4096;

/// Most functions, exports, globals and so on of one module: no engine takes more (JavaScript API, "Limits").
pub const MAX_SECTION_ITEMS: usize = 1_000_000;

/// Most locals of one function: the implementation limit of every engine (JavaScript API, "Limits").
pub const MAX_LOCALS_PER_FUNCTION: u32 = 50_000;

/// Most threads read from one dump.
pub const MAX_THREADS: usize = 10_000;

/// Most frames read from one dump, all threads together: twenty times the deepest stack that was seen in a real dump. Each
/// takes about 500 bytes once the whole stack is followed.
pub const MAX_FRAMES: usize = 400_000;

/// Steps of one DWARF expression, nested calls and entry values included.
pub const MAX_DWARF_OPERATIONS: u32 = 10_000;

/// Entries of one variable's location list that are looked through: the longest of optimised code have some thousand.
pub const MAX_LOCATION_LIST_ENTRIES: u32 = 1 << 15;

/// Callers whose call sites one value is followed through: each may nest evaluations of its own.
pub const MAX_CALL_SITE_DEPTH: u32 = 8;

/// Parameters that one call site tells of: as many as engines let a function have.
pub const MAX_CALL_SITE_PARAMETERS: usize = 1_000;

/// Pieces of one location that are evaluated each by itself, with a budget of its own, when some cannot be.
pub const MAX_DWARF_PIECES: usize = 64;

/// Nesting of DWARF evaluations: an entry value asks its caller's frame, which may ask its own.
pub const MAX_DWARF_EVALUATION_DEPTH: u32 = 32;

/// Nesting of DIEs (lexical blocks, namespaces): compilers stay under 100.
pub const MAX_DIE_DEPTH: usize = 1_000;

/// Calls inlined into each other at one place: the deepest seen have some sixty, and each is a frame whose variables
/// are looked for through all that is nested in it.
pub const MAX_INLINED_CALLS: usize = 250;

/// Lines of one type's definition: twice what a type may have of members.
pub const MAX_DEFINITION_LINES: usize = 200_000;

/// Symbols that one command lists, and global variables of one report: who wants more narrows the question. Long names
/// count for several symbols.
pub const MAX_LISTED_SYMBOLS: usize = 250_000;

/// Abbreviations and attributes read in one pass over all units' root DIEs, and entries of their range lists: ten
/// times what a module of 2 GB needs, half a second of work.
pub const MAX_ROOT_STEPS: u64 = 50_000_000;

/// Bytes of memory that one unit's abbreviations take: some 300,000 of them, a hundred times what the largest unit has
/// been seen to need.
pub const MAX_ABBREVIATION_TABLE_BYTES: u64 = 32 << 20;

/// Bytes of memory that all abbreviations kept of one module take: enough for ten thousand large units.
pub const MAX_ABBREVIATION_BYTES: u64 = 128 << 20;

/// Units of one module: more than any linker has been seen to join, and few enough to keep a slot for each.
pub const MAX_UNITS: usize = 4_000_000;

/// Warnings kept about one module's debug information: more say nothing new.
pub const MAX_WARNINGS: usize = 100;

/// Bytes of one demangled name: templates repeat themselves without end.
pub const MAX_NAME_BYTES: usize = 1 << 16;

/// Definitions of one type's name that are held against each other: each unit that uses a class may have its own.
pub const MAX_DEFINITIONS: usize = 64;

/// Namespaces and classes in each other that stand in front of a name: compilers stay under 30.
pub const MAX_NAME_PARTS: usize = 100;

/// Typedefs, qualifiers and specifications that are followed from one DIE before it is called circular.
pub const MAX_TYPE_CHAIN: usize = 100;

/// Types that are named inside the name of one: a function's parameters may be functions of functions.
pub const MAX_TYPE_NAME_PARTS: u32 = 2_000;

/// Nesting of types in the one whose members are read: local classes of methods of local classes.
pub const MAX_TYPE_NESTING: isize = 100;

/// Members, enumerators or parameters kept of one type.
pub const MAX_TYPE_MEMBERS: usize = 100_000;

/// Bytes of one object that are read at once (an array of more is read element by element).
pub const MAX_OBJECT_BYTES: u64 = 1 << 24;

/// Characters of an expression typed by a user, and its nesting: the parser recurses.
pub const MAX_EXPRESSION_BYTES: usize = 1 << 16;
/// Nesting of an expression's parentheses and operators.
pub const MAX_EXPRESSION_DEPTH: usize = 200;

/// Nesting of blocks in one function body that the dataflow follows.
pub const MAX_BLOCK_DEPTH: usize = 10_000;

/// Operators that one dataflow pass may visit, loops counted again each time round.
pub const MAX_DATAFLOW_STEPS: u64 = 20_000_000;

/// Most code that is read to find tail calls in a module whose features are not listed: about a tenth of a second.
pub const MAX_TAIL_CALL_SEARCH_BYTES: usize = 16 << 20;

/// Longest body of a function that is analysed for an argument in a line of a backtrace, in bytes: 1 ms. Interpreters
/// have longer ones.
pub const MAX_BODY_BYTES_FOR_A_LINE: usize = 8 << 10;

/// Longest body of a function that is analysed for what it returns, not because it is on the stack: those whose
/// result is simple are short.
pub const MAX_SUMMARY_BYTES: usize = 2_048;

/// Steps spent on finding the stack pointer of a module that does not name it: some hundred functions.
pub const MAX_STACK_POINTER_SEARCH: u64 = 200_000;

/// Members and nested types looked at to find one part of a library type: real ones have some dozen.
pub const MAX_LAYOUT_MEMBERS: usize = 2_000;

/// Ways to parts that are kept of one type: a form asks for less than a dozen.
pub const MAX_ROUTES_KEPT: usize = 32;

/// Nesting of library types that is searched for one part: C++'s variants have twelve bases.
pub const MAX_LAYOUT_DEPTH: usize = 24;

/// Vtables kept of one module: a program of 400 MB has some ten thousand.
pub const MAX_VTABLES: usize = 1_000_000;

/// Elements of a container that are walked over to find one by its key: a second of work.
pub const MAX_ELEMENTS_WALKED: usize = 1 << 20;

/// Nodes of a list whose addresses are kept to find the one that it comes back to: some 5 MiB.
pub const MAX_NODES_REMEMBERED: usize = 200_000;

/// Places of a hash table that are looked at to find those in use: a table that was emptied keeps its size, but one of
/// garbage may claim all memory. A hundredth of a second.
pub const MAX_PLACES_WALKED: u64 = 1 << 24;

/// Boxes in boxes that are opened to show one value.
pub const MAX_WRAPPERS: usize = 32;

/// Bytes of text read behind a pointer to characters: a screen of it.
pub const MAX_POINTED_TEXT_BYTES: usize = 4096;

/// Longest string read through a pointer without an end.
pub const MAX_STRING_BYTES: usize = 1 << 20;

/// Most recorded runs kept of one dump: 16 GiB of memory in runs of 4 KiB, 96 MiB of table.
pub const MAX_SEGMENTS: usize = 4 << 20;

/// Most modules, instances and memories read from one dump: its index spaces join those of all instances, which
/// engines limit to tens of thousands.
pub const MAX_DUMP_INSTANCES: usize = 100_000;

/// Most globals read from one dump, and most index entries of all its instances: as many as engines allow in one
/// module.
pub const MAX_DUMP_GLOBALS: usize = 1_000_000;

/// Scripts and definitions that call each other, as deep as gdb lets them by default (its limit is 1024 calls, but
/// ours recurse on the machine's stack).
pub const MAX_SCRIPT_DEPTH: usize = 100;

/// Lines in the body of one definition, loop or condition.
pub const MAX_BLOCK_LINES: usize = 100_000;

/// Bytes of one command line from a script or pipe.
pub const MAX_COMMAND_BYTES: usize = 1 << 20;

/// Bytes of one script: it is read whole.
pub const MAX_SCRIPT_BYTES: u64 = 1 << 26;

/// Elements that are looked at to write one value, equal ones and those of nested arrays included: an array of arrays
/// of zeros is written in a few words, but reading it all could take for ever.
pub const MAX_VALUE_STEPS: u64 = 200_000;

/// Texts and places in the pattern that the elements of one array are written by, and bytes of such an element: larger
/// ones gain little from having one.
pub const MAX_PATTERN_STEPS: usize = 1_000;
/// Bytes of an element that is written by a pattern.
pub const MAX_PATTERN_BYTES: u64 = 4_096;

/// Bytes of an array that are read at once to see how many elements are equal.
pub const MAX_RUN_BYTES: u64 = 1 << 16;

/// Children that the report lists of one variable, at all levels: a live debugger's oracle has 3,000.
pub const MAX_REPORT_NODES: u64 = 20_000;

/// Children that a whole report lists: some 500 MiB of JSON.
pub const MAX_REPORT_TOTAL_NODES: u64 = 1_000_000;

/// Bytes of the values in a report that one variable and its children have together, and elements looked at for them,
/// but for values without children.
pub const MAX_REPORT_VALUE_BYTES: usize = 4 << 20;
/// Elements that are looked at for those values.
pub const MAX_REPORT_STEPS: u64 = 1_000_000;

/// Frames whose units are asked for the text of a source file that is not found: it is asked of each line shown.
pub const MAX_EMBEDDED_FRAMES: usize = 100;

/// Bytes of one header line from an editor: names and a number.
pub const MAX_DAP_HEADER_BYTES: u64 = 8192;

/// Bytes of one message from an editor: the longest carry a page of breakpoints or a script of commands.
pub const MAX_DAP_MESSAGE_BYTES: u64 = 4 << 20;

/// Messages that wait while one is answered; then the editor waits.
pub const MAX_DAP_QUEUED: usize = 64;

/// Cancelled requests that were not seen yet: a client does not cancel more than it has sent.
pub const MAX_DAP_CANCELLED: usize = 10_000;

/// Scopes and values that an editor may hold handles to, each about 300 bytes. Further values cannot be expanded.
pub const MAX_DAP_HANDLES: usize = 1_000_000;

/// Children sent in one answer to an editor that does not ask for pages.
pub const MAX_DAP_CHILDREN: u64 = 10_000;

/// Elements of lists, trees and hash tables whose places are kept while an editor pages through them: 8 MiB, twice that
/// with values.
pub const MAX_DAP_POSITIONS: u64 = 1 << 20;

/// Bytes of one value's text in an editor: what fits no line is expanded instead.
pub const MAX_DAP_VALUE_BYTES: usize = 16 << 10;

/// Elements that are looked at for it.
pub const MAX_DAP_VALUE_STEPS: u64 = 20_000;

/// Bytes of one value's text on an editor's clipboard.
pub const MAX_DAP_CLIPBOARD_BYTES: usize = 1 << 20;

/// Source files in one answer: each is looked for on the disk.
pub const MAX_DAP_SOURCES: usize = 100_000;

/// Bytes that a command may print into an editor's console.
pub const MAX_DAP_OUTPUT_BYTES: usize = 8 << 20;

/// Frames in one answer: editors ask for pages of 20 to 1000.
pub const MAX_DAP_FRAMES: usize = 100_000;

/// Bytes of memory in one answer: a page of a memory view is some KiB.
pub const MAX_DAP_MEMORY_BYTES: u64 = 1 << 20;

/// Instructions in one answer, and how far from its anchor they may begin.
pub const MAX_DAP_INSTRUCTIONS: u64 = 100_000;

/// Frames of one thread that are looked at to find what code offsets count from: a wrong module shows in the first few.
pub const MAX_VOTING_FRAMES: usize = 100_000;

/// Distinct places of code that are decoded for it, of all modules together.
pub const MAX_VOTERS: usize = 16_384;

/// Pairs of a dump's module and a module file that are held against each other.
pub const MAX_MODULE_VOTES: usize = 10_000;

/// Core modules taken out of one component, and the nesting of components that is followed.
pub const MAX_NESTED_MODULES: usize = 1_000;
/// Nesting of components inside a component: tools write two levels.
pub const MAX_COMPONENT_DEPTH: usize = 16;

/// Files beside a dump that are looked at to find its module.
pub const MAX_FILES_BESIDE: usize = 1_000;

/// Bytes of the automaton of a regular expression that a user types: enough for any name, and built at once.
pub const MAX_REGEX_BYTES: usize = 1 << 20;

/// Bytes of a source file: generated ones reach a few MiB.
pub const MAX_SOURCE_BYTES: usize = 1 << 28;

/// Values that recovery works out for one question before it gives up: a question about one local of a deep stack
/// follows a handful of values in each frame.
pub const MAX_RECOVERY_STEPS: u64 = 4_000_000;

/// How much memory is searched for the array of a program's arguments, and how long they may be together: libc asks
/// for it first thing, so that it lies low in the heap.
pub const MAX_HOST_VECTOR_SEARCH_BYTES: u64 = 1 << 19;

/// Code read for the callers of a function whose caller the dump does not name: some 20 ms.
pub const MAX_CALLER_SEARCH_BYTES: usize = 1 << 20;

/// Nesting of values that recovery works out by recursion; deeper ones are put off and worked out first.
pub const MAX_RECOVERY_DEPTH: u32 = 48;

/// Instructions of a program that is run again to see what its frames held, where the user asks for values: 30 ms,
/// once. Short-lived programs take some ten thousand.
pub const MAX_REPLAY_STEPS: u64 = 4_000_000;

/// The same where values only go along with the stack and the reason of the crash: half a millisecond.
pub const MAX_REPLAY_STEPS_ON_THE_WAY: u64 = 100_000;

/// Memory of a program that is run again.
pub const MAX_REPLAY_MEMORY_BYTES: u64 = 64 << 20;

/// Steps of one explanation of a value: more than a screen is no explanation.
pub const MAX_EXPLANATION_STEPS: usize = 60;

/// Nesting of steps: each is indented under the one that it explains.
pub const MAX_EXPLANATION_DEPTH: usize = 14;

/// Turns of one `while` loop of a script: a loop that never ends is a script's error, found in seconds.
pub const MAX_LOOP_TURNS: u64 = 1_000_000;

/// Threads whose units are searched for the variable at an address: engines write one, or one for each of a few workers.
pub const MAX_SYMBOL_THREADS: usize = 16;

/// Frames whose variables are searched for the one at an address: an address tells which frames it can belong to only
/// once their variables are known.
pub const MAX_SYMBOL_FRAMES: usize = 1000;
