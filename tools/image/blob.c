// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "container/cleanup.h"
#include "image.h"
#include "status.h"

int blob_open(int dir, const char *path, struct err *err)
{
	struct open_how how = {
		/* not to wait for who would write into a FIFO */
		.flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK,
		.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS,
	};
	cleanup_close int fd = syscall(SYS_openat2, dir, path, &how, sizeof(how));
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0)
		return err_set_errno(err, STATUS_SYSTEM, errno, "'%s' in it", path);
	if (!S_ISREG(st.st_mode))
		return err_set(err, STATUS_SYSTEM, "'%s' in it is no file", path);
	return take_fd(&fd);
}

/* What is compared with its digest is what is used: both are the same memory. */
static int find_digest(struct document *document, struct err *err)
{
	cleanup_close int memory = memfd_create("document", MFD_CLOEXEC);
	struct unpacked unpacked;

	if (memory < 0 ||
	    write(memory, document->text, document->size) != (ssize_t)document->size ||
	    lseek(memory, 0, SEEK_SET) < 0)
		return err_set_errno(err, STATUS_SYSTEM, errno, "no memory");
	if (unpack("digest", memory, -1, IMAGE_DOCUMENT_MAX, &unpacked, err) < 0)
		return -1;
	memcpy(document->digest, unpacked.digest, IMAGE_HEX_SIZE);
	return 0;
}

static int read_whole(struct document *document, int fd, const char *path, struct err *err)
{
	ssize_t n;

	document->text = malloc(IMAGE_DOCUMENT_MAX + 1);
	if (!document->text)
		return err_set(err, STATUS_SYSTEM, "no memory");
	while ((n = read(fd, document->text + document->size,
			 IMAGE_DOCUMENT_MAX + 1 - document->size)) > 0)
		document->size += n;
	if (n < 0)
		return err_set_errno(err, STATUS_SYSTEM, errno, "read '%s'", path);
	if (document->size > IMAGE_DOCUMENT_MAX)
		return err_set(err, STATUS_SYSTEM, "'%s' is longer than %d MiB", path,
			       IMAGE_DOCUMENT_MAX >> 20);
	return 0;
}

int document_read(struct document *document, int dir, const char *path, const char *digest,
		  struct err *err)
{
	cleanup_close int fd = blob_open(dir, path, err);
	json_error_t error;

	*document = (struct document){};
	if (fd < 0 || read_whole(document, fd, path, err) < 0 || find_digest(document, err) < 0)
		goto failed;
	if (digest && strcmp(digest, document->digest)) {
		err_set(err, STATUS_SYSTEM,
			"'%s' is damaged or not what it says: its digest is %s, not %s", path,
			document->digest, digest);
		goto failed;
	}
	document->json = json_loadb(document->text, document->size, JSON_REJECT_DUPLICATES,
				    &error);
	if (document->json)
		return 0;
	err_set(err, STATUS_SYSTEM, "'%s' is no JSON: line %d: %s", path, error.line, error.text);
failed:
	document_free(document);
	return -1;
}

void document_free(struct document *document)
{
	json_decref(document->json);
	free(document->text);
	*document = (struct document){};
}
