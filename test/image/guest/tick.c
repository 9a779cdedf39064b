/* Runs inside the guest: tells its time, ms as a double, every 10 ms, to the port it is given. */
#include <fcntl.h>
#include <time.h>
#include <unistd.h>

int main(int count, char **arguments) {
  int port = count > 1 ? open(arguments[1], O_WRONLY) : -1;
  const struct timespec pause = {.tv_nsec = 10000000};
  for (;;) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    double ms = 1e3 * (double)now.tv_sec + 1e-6 * (double)now.tv_nsec;
    if (write(port, &ms, sizeof ms) != sizeof ms) return 1;
    nanosleep(&pause, NULL);
  }
}
