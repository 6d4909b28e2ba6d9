// SPDX-License-Identifier: GPL-2.0
/*
 * Two digests of one reading: of the bytes that come, by which a manifest names a layer, and
 * of those that are left when they are decompressed, by which a configuration does (the
 * "diff_ids" of the OCI image specification).
 */
#include <errno.h>
#include <inttypes.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <unistd.h>

#include "unpack.h"

static void *new_digest(void)
{
	EVP_MD_CTX *context = EVP_MD_CTX_new();

	if (!context || !EVP_DigestInit_ex(context, EVP_sha256(), NULL))
		fail("no memory");
	return context;
}

static void add(void *context, const void *bytes, size_t n)
{
	if (!EVP_DigestUpdate(context, bytes, n))
		fail("SHA-256 can't be computed");
}

static void end_digest(void *context, char text[DIGEST_TEXT_SIZE])
{
	unsigned char bytes[EVP_MAX_MD_SIZE];
	unsigned int n, i;

	if (!EVP_DigestFinal_ex(context, bytes, &n))
		fail("SHA-256 can't be computed");
	EVP_MD_CTX_free(context);
	for (i = 0; i < n; i++)
		sprintf(text + 2 * i, "%02x", bytes[i]);
}

static la_ssize_t read_input(struct archive *source, void *data, const void **bytes)
{
	struct stream *stream = data;
	ssize_t n = read(STDIN_FILENO, stream->buffer, sizeof(stream->buffer));

	if (n < 0) {
		archive_set_error(source, errno, "it can't be read: %m");
		return ARCHIVE_FATAL;
	}
	add(stream->of_input, stream->buffer, n);
	*bytes = stream->buffer;
	return n;
}

void stream_open(struct stream *stream, uint64_t content_max)
{
	struct archive_entry *entry;
	struct archive *source = archive_read_new();

	*stream = (struct stream){ .source = source, .content_max = content_max };
	stream->of_input = new_digest();
	stream->of_content = new_digest();
	/* without the filters that are programs, which anybody may have named so */
	if (!source || archive_read_support_filter_gzip(source) != ARCHIVE_OK ||
	    archive_read_support_filter_zstd(source) != ARCHIVE_OK ||
	    archive_read_support_filter_xz(source) != ARCHIVE_OK ||
	    archive_read_support_filter_bzip2(source) != ARCHIVE_OK ||
	    archive_read_support_format_raw(source) != ARCHIVE_OK ||
	    archive_read_support_format_empty(source) != ARCHIVE_OK)
		fail("libarchive here can't read gzip, zstd, xz and bzip2");
	switch (archive_read_open(source, stream, NULL, read_input, NULL) == ARCHIVE_OK ?
		archive_read_next_header(source, &entry) : ARCHIVE_FATAL) {
	case ARCHIVE_OK:
		break;
	case ARCHIVE_EOF:
		stream->empty = true;
		break;
	default:
		fail("it can't be decompressed: %s", archive_error_string(source));
	}
}

static la_ssize_t read_content(struct archive *reader, void *data, const void **bytes)
{
	struct stream *stream = data;
	la_int64_t offset;
	size_t n = 0;

	(void)reader;
	if (stream->empty)
		return 0;
	switch (archive_read_data_block(stream->source, bytes, &n, &offset)) {
	case ARCHIVE_OK:
		break;
	case ARCHIVE_EOF:
		n = 0;
		break;
	default:
		fail("it can't be decompressed: %s", archive_error_string(stream->source));
	}
	stream->content += n;
	if (stream->content > stream->content_max)
		fail("decompressed it has more than %" PRIu64 " bytes", stream->content_max);
	add(stream->of_content, *bytes, n);
	return n;
}

struct archive *stream_archive(struct stream *stream)
{
	struct archive *reader = archive_read_new();

	if (!reader || archive_read_support_format_tar(reader) != ARCHIVE_OK ||
	    archive_read_support_format_empty(reader) != ARCHIVE_OK)
		fail("no memory");
	if (archive_read_open(reader, stream, NULL, read_content, NULL) != ARCHIVE_OK)
		fail("it is no tar archive: %s", archive_error_string(reader));
	return reader;
}

void stream_close(struct stream *stream, char input[DIGEST_TEXT_SIZE],
		  char content[DIGEST_TEXT_SIZE])
{
	const void *bytes;
	ssize_t n;

	/* tar pads, and who compresses may have appended: it is part of the digests */
	while (read_content(NULL, stream, &bytes) > 0)
		;
	while ((n = read(STDIN_FILENO, stream->buffer, sizeof(stream->buffer))) > 0)
		add(stream->of_input, stream->buffer, n);
	if (n < 0)
		fail("it can't be read: %m");
	end_digest(stream->of_input, input);
	end_digest(stream->of_content, content);
	archive_read_free(stream->source);
}
