// SPDX-License-Identifier: GPL-2.0
/* "vsw flow load", "replace" and "check": a file with a flow on each line -> the kernel. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "flow.h"
#include "lines.h"

/* A message of flows, and of which lines they are. */
struct part {
	struct vsw_nl_batch *batch;	/* owned */
	unsigned long *numbers;		/* owned */
	size_t room;
};

/* What becomes of a message that is full. */
enum work { WORK_KEEP, WORK_SEND, WORK_FORGET };

struct file {
	struct vsw *vsw;
	char switch_name[MODEL_NAME_SIZE];
	struct switch_ports of;
	struct lines lines;
	struct vsw_flow flow;
	enum work work;
	struct vsw_flow_request to;
	struct part *parts;		/* owned */
	size_t n;
	unsigned long sent;		/* flows */
	time_t begin;
	bool told;			/* how far it is */
};

static int wrong_line(const struct file *file, unsigned long number, struct err *err)
{
	return err_prefix(err, "%s:%lu", file->lines.name, number);
}

/* ---- lines ---------------------------------------------------------------------------- */

/* How far it is, for a person who waits for more than a second. */
static void tell(struct file *file)
{
	if (!isatty(STDERR_FILENO) || time(NULL) - file->begin < 2)
		return;
	fprintf(stderr, "\rvsw: %lu flows", file->sent);
	file->told = true;
}

static int send_part(struct file *file, struct part *part, struct err *err)
{
	size_t n = vsw_nl_batch_count(part->batch), failed;
	unsigned long at;

	if (!n)
		return 0;
	if (vsw_nl_batch_send(file->vsw->nl, part->batch, &failed, err) < 0) {
		at = part->numbers[failed < n ? failed : 0];
		flow_refused(file->switch_name, err);
		if (failed < n)
			return wrong_line(file, at, err);
		return err_prefix(err, "%s:%lu-%lu", file->lines.name, at, part->numbers[n - 1]);
	}
	file->sent += n;
	tell(file);
	return 0;
}

/* An empty one behind the others. */
static int add_part(struct file *file, struct err *err)
{
	struct part *parts = reallocarray(file->parts, file->n + 1, sizeof(*parts));

	if (!parts)
		return err_set(err, STATUS_SYSTEM, "out of memory");
	file->parts = parts;
	parts[file->n] = (struct part){
		.batch = vsw_nl_batch_new(file->work == WORK_FORGET ? NULL : file->vsw->nl,
					  &file->to, err)
	};
	if (!parts[file->n].batch)
		return -1;
	file->n++;
	return 0;
}

/* The last part is full: there is one with room behind this. */
static int next_part(struct file *file, struct err *err)
{
	struct part *last = &file->parts[file->n - 1];

	switch (file->work) {
	case WORK_KEEP:
		return add_part(file, err);
	case WORK_SEND:
		return send_part(file, last, err);
	case WORK_FORGET:
		vsw_nl_batch_clear(last->batch);
		break;
	}
	return 0;
}

static int note_line(struct part *part, unsigned long number, struct err *err)
{
	size_t n = vsw_nl_batch_count(part->batch);
	unsigned long *numbers;

	if (n > part->room) {
		numbers = reallocarray(part->numbers, 2 * n + 64, sizeof(*numbers));
		if (!numbers)
			return err_set(err, STATUS_SYSTEM, "out of memory");
		part->numbers = numbers;
		part->room = 2 * n + 64;
	}
	part->numbers[n - 1] = number;
	return 0;
}

static int add_flow(struct file *file, unsigned long number, struct err *err)
{
	int ret = vsw_nl_batch_add(file->parts[file->n - 1].batch, &file->flow, err);

	if (ret > 0) {
		if (next_part(file, err) < 0)
			return -1;
		ret = vsw_nl_batch_add(file->parts[file->n - 1].batch, &file->flow, err);
	}
	if (ret < 0)
		return wrong_line(file, number, err);
	return note_line(&file->parts[file->n - 1], number, err);
}

static int take_lines(struct file *file, struct err *err)
{
	unsigned long *number = &file->lines.number;
	char *line;
	int ret;

	if (add_part(file, err) < 0)
		return -1;
	while ((ret = lines_next(&file->lines, &line, err)) > 0) {
		if (flow_parse(line, &file->of.ports, &file->flow, err) < 0)
			return wrong_line(file, *number, err);
		if (add_flow(file, *number, err) < 0)
			return -1;
	}
	return ret;
}

/* ---- all of it ---------------------------------------------------------------------------- */

static int open_file(struct file *file, struct vsw *vsw, char **words, struct err *err)
{
	file->vsw = vsw;
	file->begin = time(NULL);
	if (flow_take_switch(&words, file->switch_name, err) < 0)
		return -1;
	if (!*words)
		return err_set(err, STATUS_USAGE, "the file is missing; '-' is standard input");
	if (words[1])
		return err_set(err, STATUS_USAGE, "'%s' stands behind the file", words[1]);
	strcpy(file->to.switch_name, file->switch_name);
	file->to.has = HAS(VSWITCH_A_FLOW_SWITCH_NAME);
	switch_ports_init(&file->of, vsw, file->switch_name);
	return lines_open(&file->lines, vsw, *words, "flows", err);
}

static void close_file(struct file *file)
{
	size_t i;

	if (file->told)
		fputc('\n', stderr);
	for (i = 0; i < file->n; i++) {
		vsw_nl_batch_free(file->parts[i].batch);
		free(file->parts[i].numbers);
	}
	free(file->parts);
	object_clear(&kind_flow, &file->flow);
	switch_ports_free(&file->of);
	lines_close(&file->lines);
}

/* What was added before a line that the kernel refuses stays; so much is said. */
static int say_sent(const struct file *file, struct err *err)
{
	size_t len = strlen(err->msg);
	char text[80];

	if (!file->sent || err->status != STATUS_REFUSED)
		return -1;
	snprintf(text, sizeof(text), "%s %lu flows of lines before were added",
		 len && err->msg[len - 1] == '.' ? "" : ".", file->sent);
	return err_suffix(err, text);
}

/* Nothing is sent before all lines were read. */
static int load(struct file *file, struct err *err)
{
	size_t i;

	file->work = WORK_KEEP;
	if (vsw_connect(file->vsw, err) < 0 || take_lines(file, err) < 0)
		return -1;
	for (i = 0; i < file->n; i++)
		if (send_part(file, &file->parts[i], err) < 0)
			return say_sent(file, err);
	return 0;
}

int flow_load(struct vsw *vsw, char **words, struct err *err)
{
	struct file file = {};
	int ret = open_file(&file, vsw, words, err);

	if (!ret)
		ret = load(&file, err);
	close_file(&file);
	return ret;
}

/* What waits in a bundle goes when the commit does not come. */
static int replace(struct file *file, struct err *err)
{
	struct vsw_nl *nl;
	uint32_t count;
	int ret;

	file->work = WORK_SEND;
	if (vsw_connect(file->vsw, err) < 0)
		return -1;
	nl = file->vsw->nl;
	if (vsw_nl_bundle_new(nl, &file->to, &file->to.bundle, err) < 0)
		return flow_refused(file->switch_name, err);
	file->to.has |= HAS(VSWITCH_A_FLOW_BUNDLE);
	ret = take_lines(file, err);
	if (!ret)
		ret = send_part(file, &file->parts[file->n - 1], err);
	if (!ret && vsw_nl_bundle_commit(nl, &file->to, &count, err) < 0)
		ret = flow_refused(file->switch_name, err);
	if (ret < 0)
		vsw_nl_bundle_del(nl, &file->to, NULL);
	return ret;
}

int flow_replace(struct vsw *vsw, char **words, struct err *err)
{
	struct file file = {};
	int ret = open_file(&file, vsw, words, err);

	if (!ret)
		ret = replace(&file, err);
	close_file(&file);
	return ret;
}

/* All that load does but for sending: without a module, too, unless ports have names. */
static int check(struct file *file, struct err *err)
{
	file->work = WORK_FORGET;
	return take_lines(file, err);
}

int flow_check(struct vsw *vsw, char **words, struct err *err)
{
	struct file file = {};
	int ret = open_file(&file, vsw, words, err);

	if (!ret)
		ret = check(&file, err);
	close_file(&file);
	return ret;
}
