/* A small workshop: parts in a linked list, sorted into bins, priced by a recursive walk that divides by zero.
 *
 * Call chain at the crash, youngest first:
 *   unit_price <- walk (three times, recursive) <- price_shelf <- inspect <- open_shop <- main
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define OUTLINE __attribute__((noinline))
#define KEPT __attribute__((used))

enum material { WOOD, STEEL = 10, BRASS };
enum trait { SHARP = 1, HEAVY = 2, FRAGILE = 4, LOCKED = 8 };
typedef enum { SMALL, LARGE } size_class;

typedef uint16_t code_t;
typedef long (*pricing)(long total, long count);

struct position {
  short shelf, slot;
};

typedef struct part {
  int id;
  const char *label;
  enum material material;
  enum trait traits;
  struct position where;
  long stock;
  struct part *next;
} part_t;

union payload {
  uint32_t word;
  float ratio;
  unsigned char bytes[4];
};

struct gauge {
  unsigned level : 3;
  signed trim : 4;
  unsigned serial : 20;
  bool armed : 1;
  union payload payload;
  struct {
    int8_t low;
    int8_t high;
  } range;
};

struct bin {
  char tag[12];
  code_t codes[4];
  int counts[2][3];
  part_t *first;
  pricing rule;
  size_class size;
};

KEPT int parts_made = 0;
KEPT const double tax_rate = 0.19;
KEPT struct position door = {-1, 7};
KEPT const char *const materials[] = {"wood", "steel", "brass"};
static int64_t ledger = -5000000000;
static struct gauge pressure = {5, -3, 0xbeef, true, {.ratio = 0.75f}, {-40, 85}};

static long flat(long total, long count) { return total - count; }
static long split(long total, long count) { return total / count; }

OUTLINE static long unit_price(const part_t *part, pricing rule) {
  static int asked = 0;
  long total = part->id * 100L;
  asked++;
  ledger += total;
  return rule(total, part->stock);
}

OUTLINE static long walk(const part_t *part, pricing rule, int depth) {
  long here;
  if (part == NULL)
    return 0;
  if (part->next != NULL)
    here = walk(part->next, rule, depth + 1);
  else
    here = unit_price(part, rule);
  return here + depth;
}

OUTLINE static long price_shelf(struct bin *bin, int count) {
  long sum = count;
  {
    double sum = 2.5;
    const char *count = "inner";
    for (int i = 0; i < 2; i++) {
      int row = bin->counts[i][2];
      if (i == 1) {
        char sum = 'S';
        bin->tag[0] = sum;
        row += (int)walk(bin->first, bin->rule, 1);
      }
      bin->counts[i][0] = row + (int)strlen(count);
    }
    bin->counts[1][1] = (int)sum;
  }
  return sum;
}

static part_t *make_part(const char *label, enum material material, long stock, part_t *next) {
  part_t *part = calloc(1, sizeof *part);
  part->id = ++parts_made;
  part->label = label;
  part->material = material;
  part->traits = SHARP | FRAGILE;
  part->where = (struct position){(short)(10 * parts_made), (short)-parts_made};
  part->stock = stock;
  part->next = next;
  return part;
}

OUTLINE static long inspect(struct bin *bins, size_t count, uint8_t mark, float weight, const char *note) {
  struct bin *chosen = &bins[count - 1];
  part_t **link = &chosen->first;
  long long big = (long long)mark << 40;
  unsigned char letters[6] = {'a', 'b', 0, 0xff, mark, 1};
  const int limit = 12;
  volatile int seen = letters[4] + limit;
  chosen->codes[3] = (code_t)seen;
  while (*link != NULL && (*link)->material == WOOD)
    link = &(*link)->next;
  pressure.payload.word += (uint32_t)(big >> 40);
  return price_shelf(chosen, (int)weight) + (long)strlen(note) + (*link)->stock;
}

OUTLINE static long open_shop(int helpers) {
  struct bin bins[2] = {
      {"nails", {1, 2, 3, 4}, {{1, 2, 3}, {4, 5, 6}}, NULL, flat, SMALL},
      {"handles", {7, 7, 7}, {{0}, {0, 0, 9}}, NULL, split, LARGE},
  };
  char greeting[16] = "open\tat \"nine\"";
  bins[0].first = make_part("nail", STEEL, 500, NULL);
  bins[1].first = make_part("broom", WOOD, 3, make_part("knob", BRASS, 8, make_part("hinge", STEEL, 0, NULL)));
  bins[1].first->traits = HEAVY | LOCKED;
  return inspect(bins, sizeof bins / sizeof *bins, (uint8_t)(0xf0 + helpers), 6.25f, greeting);
}

int main(int argc, char **argv) {
  printf("%s opens\n", argv[0]);
  long earned = open_shop(argc);
  printf("earned %ld\n", earned);
  return 0;
}
