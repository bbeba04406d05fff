// Values of C: what only C has, or writes in its own way.
#include <complex.h>
#include <stdlib.h>
#include <string.h>

struct packet {
    int length;
    unsigned char kind : 4, version : 4;
    union {
        int code;
        char tag[4];
    };
    short items[];
};

enum flags { F_A = 1, F_B = 2, F_D = 8 };
enum plain { FIRST = 1, SECOND, THIRD };

static int twice(int n) { return n * 2; }
static int thrice(int n) { return n * 3; }

struct operation {
    const char *name;
    int (*run)(int);
};

__attribute__((noinline)) void keep(const void *first, ...) { __asm__ volatile("" ::"r"(first) : "memory"); }

int c_values(int count) {
    double _Complex z = 3 - 0.5 * I;
    float _Complex w = 1 + 2 * I;
    struct packet *packet = malloc(sizeof *packet + 3 * sizeof(short));
    packet->length = 3;
    packet->kind = 9;
    packet->version = 2;
    memcpy(packet->tag, "abc", 4);
    for (int i = 0; i < packet->length; ++i)
        packet->items[i] = (short)(100 + i);
    enum flags both = (enum flags)(F_A | F_D), other = (enum flags)(F_B | 16), zero = (enum flags)0;
    enum plain second = SECOND, none = (enum plain)0;
    struct operation table[2] = {{"twice", twice}, {"thrice", thrice}};
    int (*chosen)(int) = table[1].run;
    int variable[count];
    for (int i = 0; i < count; ++i)
        variable[i] = i * i;
    char grid[2][count];
    memset(grid, 'x', sizeof grid);
    char text[12] = "buffer";
    const char *pointer = "points at text";
    unsigned char bytes[3] = {1, 2, 255};
    _Bool yes = 1;
    wchar_t *wide = L"w\u00efde";
    keep(&z, &w, &packet, &both, &other, &zero, &second, &none, &table, &chosen, variable, grid, text, &pointer, bytes,
         &yes, &wide);
    __builtin_trap();
}
