// SPDX-License-Identifier: Apache-2.0
// stationwatch-probe: touches folders and files for the agent, one request a line on standard
// input, one answer a line on standard output (helper_answer.h). Ends with its input. It may hang
// on a dead share; that is what it is for. A program of its own, as it is small and can be left
// behind.
#include "agent/probe/unix/errno_outcome.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <time.h>
#include <unistd.h>

enum { REQUEST_MAX = 2048 };

struct listing {
    int64_t newest_ms; // wall clock; -1 = no file
    uint64_t files;
};

static void answer_error(int error)
{
    printf("%s %d %s\n", outcome_name(errno_outcome(error)), error,
           error == 0 ? "ok" : strerror(error));
}

// 0, or the errno of really reading an entry: opening alone may come out of a cache.
static int touch_folder(const char *path)
{
    DIR *folder = opendir(path);
    if (folder == NULL)
        return errno;
    errno = 0;
    int error = readdir(folder) == NULL ? errno : 0;
    closedir(folder);
    return error;
}

static int touch_file(const char *path)
{
    char byte;
    int file = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    if (file < 0)
        return errno;
    int error = read(file, &byte, 1) < 0 ? errno : 0;
    close(file);
    return error;
}

static void answer_stat(const char *path)
{
    struct stat stat_buffer;
    int error = stat(path, &stat_buffer) == 0 ? 0 : errno;
    if (error == 0 && S_ISDIR(stat_buffer.st_mode))
        error = touch_folder(path);
    else if (error == 0 && S_ISREG(stat_buffer.st_mode))
        error = touch_file(path);
    else if (error == 0)
        error = EINVAL; // neither a folder nor a file: not what was meant
    answer_error(error);
}

// Regular files whose names do not begin with a dot. 0, or errno.
static int list_folder(const char *path, struct listing *ret)
{
    DIR *folder = opendir(path);
    if (folder == NULL)
        return errno;
    struct listing listing = {.newest_ms = -1};
    struct dirent *entry;
    for (errno = 0; (entry = readdir(folder)) != NULL; errno = 0) {
        struct stat file;
        if (entry->d_name[0] == '.' || fstatat(dirfd(folder), entry->d_name, &file, 0) != 0 ||
            !S_ISREG(file.st_mode))
            continue; // gone since it was listed, or no file
        int64_t ms = (int64_t)file.st_mtim.tv_sec * 1000 + file.st_mtim.tv_nsec / 1000000;
        if (listing.files++ == 0 || ms > listing.newest_ms)
            listing.newest_ms = ms;
    }
    int error = errno;
    closedir(folder);
    if (error == 0)
        *ret = listing;
    return error;
}

static int64_t age_ms(const struct listing *listing)
{
    struct timespec now;
    if (listing->files == 0 || clock_gettime(CLOCK_REALTIME, &now) != 0)
        return -1;
    int64_t age = (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000 - listing->newest_ms;
    return age > 0 ? age : 0;
}

static void answer_list(char *path)
{
    char *requests = strchr(path, '\t');
    if (requests != NULL)
        *requests++ = '\0';
    struct listing orders = {0}, waiting = {0};
    int error = list_folder(path, &orders);
    if (error != 0) {
        answer_error(error);
        return;
    }
    int64_t backlog = -1;
    if (requests != NULL && list_folder(requests, &waiting) == 0)
        backlog = (int64_t)waiting.files;
    struct statvfs disk;
    if (statvfs(path, &disk) != 0)
        memset(&disk, 0, sizeof(disk));
    printf("%s 0 %" PRId64 " %" PRIu64 " %" PRId64 " %" PRIu64 " %" PRIu64 "\n",
           outcome_name(OUTCOME_OK), age_ms(&orders), orders.files, backlog,
           (uint64_t)disk.f_bavail * disk.f_frsize, (uint64_t)disk.f_blocks * disk.f_frsize);
}

int main(void)
{
    char request[REQUEST_MAX];
    while (fgets(request, sizeof(request), stdin) != NULL) {
        size_t length = strcspn(request, "\n");
        if (request[length] != '\n')
            return 2; // longer than any request, or cut off
        request[length] = '\0';
        if (strncmp(request, "stat ", 5) == 0)
            answer_stat(request + 5);
        else if (strncmp(request, "list ", 5) == 0)
            answer_list(request + 5);
        else
            return 2;
        if (fflush(stdout) != 0)
            return 1;
    }
    return 0;
}
