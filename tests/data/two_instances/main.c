/* The first instance: its own memory, and a call into another one. */
__attribute__((import_module("lib"), import_name("share"))) int share(int total);

int orders[3] = {40, 41, 42};

__attribute__((export_name("_start"))) void run(void) {
  int total = orders[0] + 2;
  orders[1] = share(total);
}
