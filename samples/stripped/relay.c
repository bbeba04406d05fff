/* Messages are handed to the handler of their channel; one channel has none, so the call goes through a null function
 * pointer and traps. */
#include <stdio.h>
#include <string.h>

enum channel { CONTROL, AUDIO, VIDEO };

struct message {
  enum channel channel;
  unsigned length;
  char body[8];
};

typedef unsigned (*handler)(const struct message *);

struct relay {
  const char *name;
  handler handlers[3];
  unsigned delivered[3];
};

static unsigned control(const struct message *message) { return message->length; }
static unsigned audio(const struct message *message) { return message->length * 2 + (unsigned char)message->body[0]; }

static struct relay hub = {"hub", {control, audio, NULL}, {0, 0, 0}};

__attribute__((noinline)) static unsigned deliver(struct relay *relay, const struct message *message) {
  handler chosen = relay->handlers[message->channel];
  relay->delivered[message->channel]++;
  return chosen(message) + 1;
}

__attribute__((noinline)) static unsigned pump(struct relay *relay, const struct message *queue, int count) {
  unsigned total = 0;
  for (int i = 0; i < count; i++)
    total += deliver(relay, &queue[i]);
  return total;
}

int main(void) {
  struct message queue[] = {{CONTROL, 4, "ping"}, {AUDIO, 5, "tones"}, {VIDEO, 6, "frames"}};
  unsigned total = pump(&hub, queue, 3);
  printf("%u\n", total);
  return (int)strlen(hub.name) - 3;
}
