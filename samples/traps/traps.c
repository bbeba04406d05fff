/* One trap per argument; every trap is at least four user functions deep. */
#include <assert.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NOINLINE __attribute__((noinline))

typedef struct request {
  const char *kind;
  int number;
  int zero;
  double huge;
  int *pointer;
} request_t;

typedef int (*unary)(int);
typedef double (*binary)(double, double);

static int depth_reached;
volatile int sink;

NOINLINE static int twice(int x) { return 2 * x; }

NOINLINE int trap_div(request_t *r) {
  int answer = r->number / r->zero;
  return answer;
}

NOINLINE int trap_rem(request_t *r) {
  unsigned answer = (unsigned)r->number % (unsigned)r->zero;
  return (int)answer;
}

NOINLINE int trap_overflow(request_t *r) {
  int minimum = INT_MIN + r->zero;
  int answer = minimum / (r->zero - 1);
  return answer;
}

NOINLINE int trap_unreachable(request_t *r) {
  int before = r->number + 1;
  sink = before;
  __builtin_trap();
}

NOINLINE int trap_load(request_t *r) {
  int *where = (int *)(uintptr_t)(0xfffffff0u - (unsigned)r->zero);
  int answer = *where;
  return answer;
}

NOINLINE int trap_store(request_t *r) {
  char *where = (char *)(uintptr_t)(0x7fff0000u + (unsigned)r->zero);
  memset(where, r->number, 64);
  return *where;
}

NOINLINE int trap_nullcall(request_t *r) {
  unary volatile f = (unary)(uintptr_t)r->zero;
  int answer = f(r->number);
  return answer;
}

NOINLINE int trap_signature(request_t *r) {
  unary volatile u = twice;
  binary volatile f = (binary)(void *)u;
  double answer = f(r->huge, 1.0);
  return (int)answer;
}

NOINLINE int trap_table(request_t *r) {
  unary volatile f = (unary)(uintptr_t)(100000 + r->zero);
  int answer = f(r->number);
  return answer;
}

NOINLINE int recurse(request_t *r, int level) {
  volatile char room[64];
  room[level & 63] = (char)level;
  depth_reached = level;
  int below = recurse(r, level + 1);
  return below + room[level & 63];
}

NOINLINE int trap_stack(request_t *r) {
  int answer = recurse(r, 1);
  return answer;
}

NOINLINE int plunge(int level, int step) {
  int below = plunge(level + step, step);
  sink = below;
  return below + level;
}

NOINLINE int trap_callstack(request_t *r) {
  int answer = plunge(1, r->number);
  return answer;
}

NOINLINE int trap_abort(request_t *r) {
  int before = r->number;
  sink = before;
  abort();
}

NOINLINE int trap_float(request_t *r) {
  int answer = 0;
  double bad = r->huge * 1e30;
  /* the trapping instruction itself: compilers use the saturating one */
  __asm__ volatile("local.get %1\n\ti32.trunc_f64_s\n\tlocal.set %0" : "=r"(answer) : "r"(bad));
  return answer;
}

NOINLINE int trap_nan(request_t *r) {
  int64_t answer = 0;
  float bad = (float)(r->zero * 0.0);
  bad = bad / bad;
  __asm__ volatile("local.get %1\n\ti64.trunc_f32_u\n\tlocal.set %0" : "=r"(answer) : "r"(bad));
  return (int)answer;
}

NOINLINE int trap_assert(request_t *r) {
  int count = r->number;
  assert(count == r->zero && "nothing is left");
  return count;
}

NOINLINE int trap_copy(request_t *r) {
  size_t size = (size_t)r->number * 4096;
  memmove((void *)(uintptr_t)(0x30000u + r->zero), r->kind, size);
  return (int)size;
}

/* a function of this program's own: what it does is no library's abort */
NOINLINE static void panic(int code) {
  sink = code;
  __builtin_trap();
}

NOINLINE int trap_panic(request_t *r) {
  panic(r->number);
  return 0;
}

static const struct { const char *name; int (*run)(request_t *); } traps[] = {
  {"div", trap_div}, {"rem", trap_rem}, {"overflow", trap_overflow},
  {"unreachable", trap_unreachable}, {"load", trap_load}, {"store", trap_store},
  {"nullcall", trap_nullcall}, {"signature", trap_signature}, {"table", trap_table},
  {"stack", trap_stack}, {"callstack", trap_callstack}, {"abort", trap_abort}, {"float", trap_float}, {"nan", trap_nan},
  {"assert", trap_assert}, {"copy", trap_copy}, {"panic", trap_panic},
};

NOINLINE int dispatch(request_t *r) {
  for (unsigned i = 0; i < sizeof traps / sizeof *traps; i++)
    if (strcmp(traps[i].name, r->kind) == 0) {
      int result = traps[i].run(r);
      sink = result;
      return result + 1;
    }
  return -1;
}

NOINLINE int prepare(const char *kind, int argc) {
  int local = 1234;
  request_t r = {kind, 7 * argc, argc - 2, 1e10, &local};
  int result = dispatch(&r);
  return result + local;
}

int main(int argc, char **argv) {
  const char *kind = argc > 1 ? argv[1] : "div";
  printf("traps %s\n", kind);
  fflush(stdout);
  int result = prepare(kind, argc);
  printf("no trap: %d\n", result);
  return 0;
}
