// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/parse.h"
#include "vsw.h"

/*
 * Options are one letter after a dash, or the beginning (two letters at least)
 * of a name after one or two dashes; the first in this table wins.  Letters
 * without a value may be put together: "-jp", and so "-js" is not "-json".
 */
enum option_value { VALUE_NONE, VALUE_NEEDED, VALUE_COLOUR };

static const struct option {
	char letter;
	const char *name;
	enum option_value value;
	bool program;		/* of the whole program, not of one command */
} option_table[] = {
	{ 'j', "json", VALUE_NONE, false },
	{ 'p', "pretty", VALUE_NONE, false },
	{ 's', "statistics", VALUE_NONE, false },
	{ 'd', "details", VALUE_NONE, false },
	{ 't', "timestamp", VALUE_NONE, false },
	{ 'c', "color", VALUE_COLOUR, false },
	{ 'c', "colour", VALUE_COLOUR, false },
	{ 'h', "help", VALUE_NONE, false },
	{ 'n', "netns", VALUE_NEEDED, true },
	{ 'b', "batch", VALUE_NEEDED, true },
	{ 'f', "force", VALUE_NONE, true },
	{ 'V', "version", VALUE_NONE, true },
	{ 'V', "Version", VALUE_NONE, true },
	{}
};

static const struct option *find_letter(char letter)
{
	const struct option *o;

	for (o = option_table; o->name; o++)
		if (o->letter == letter)
			return o;
	return NULL;
}

static const struct option *find_name(const char *name, size_t len)
{
	const struct option *o;

	for (o = option_table; o->name; o++)
		if (len >= 2 && !strncmp(o->name, name, len))
			return o;
	return NULL;
}

static int set_colour(struct options *options, const char *when, struct err *err)
{
	if (!when || !strcmp(when, "always"))
		options->colour_when = COLOUR_ALWAYS;
	else if (!strcmp(when, "auto"))
		options->colour_when = COLOUR_AUTO;
	else if (!strcmp(when, "never"))
		options->colour_when = COLOUR_NEVER;
	else
		return err_set(err, STATUS_USAGE, "colour: '%s' is not auto, always or never",
			       when);
	return 0;
}

static int set(const struct option *o, struct options *options, const char *value, struct err *err)
{
	switch (o->letter) {
	case 'j':
		options->json = true;
		break;
	case 'p':
		options->pretty = true;
		break;
	case 's':
		options->stats = true;
		break;
	case 'd':
		options->details = true;
		break;
	case 't':
		options->timestamp = true;
		break;
	case 'c':
		return set_colour(options, value, err);
	case 'h':
		options->help = true;
		break;
	case 'n':
		options->netns = value;
		break;
	case 'b':
		options->batch = value;
		break;
	case 'f':
		options->force = true;
		break;
	case 'V':
		options->version = true;
		break;
	}
	return 0;
}

/* "-jps".  0, or -1 if a letter is not one of an option without value. */
static int set_cluster(const char *letters, struct options *options, bool program)
{
	const char *p;

	for (p = letters; *p; p++) {
		const struct option *o = find_letter(*p);

		if (!o || o->value != VALUE_NONE || (o->program && !program))
			return -1;
	}
	for (p = letters; *p; p++)
		set(find_letter(*p), options, NULL, NULL);
	return p == letters ? -1 : 0;
}

static bool is_colour(const char *word)
{
	return word && (!strcmp(word, "auto") || !strcmp(word, "always") || !strcmp(word, "never"));
}

/*
 * The option at words[0], which begins with '-'.  program says where it
 * stands: before the object or behind.  Words taken, or -1.
 */
static int take(char **words, struct options *options, bool program, struct err *err)
{
	const char *word = words[0], *name = word + (word[1] == '-' ? 2 : 1);
	size_t len = strcspn(name, "=");
	const char *value = name[len] ? name + len + 1 : NULL;
	const struct option *o;
	int taken = 1;

	if (len > 1 && name == word + 1 && !value && set_cluster(name, options, program) == 0)
		return 1;
	o = len == 1 && name == word + 1 ? find_letter(*name) : find_name(name, len);
	if (!o)
		return err_set(err, STATUS_USAGE, "there is no option '%s'", word);
	if (o->program && !program)
		return err_set(err, STATUS_USAGE, "the option '%s' belongs before the object",
			       word);
	if (o->value == VALUE_NONE && value)
		return err_set(err, STATUS_USAGE, "the option '-%c' takes no value", o->letter);
	if (!value && (o->value == VALUE_NEEDED ||
		       (o->value == VALUE_COLOUR && is_colour(words[1])))) {
		value = words[1];
		taken = 2;
	}
	if (o->value == VALUE_NEEDED && (!value || !*value))
		return err_set(err, STATUS_USAGE, "the option '%s' lacks its value", word);
	return set(o, options, value, err) < 0 ? -1 : taken;
}

int options_take(char ***words, struct options *options, struct err *err)
{
	char **w = *words;

	while (*w && **w == '-') {
		int taken;

		if (!strcmp(*w, "--")) {
			w++;
			break;
		}
		taken = take(w, options, true, err);
		if (taken < 0)
			return -1;
		w += taken;
	}
	*words = w;
	return 0;
}

int options_filter(char **words, struct options *options, struct err *err)
{
	char **out = words;

	while (*words && strcmp(*words, "--")) {
		int taken = 0;

		if (words[0][0] == '-' && words[0][1])	/* else it is a file */
			taken = take(words, options, false, err);
		if (taken < 0)
			return -1;
		if (!taken)
			*out++ = *words++;
		words += taken;
	}
	if (*words)
		words++;
	while (*words)
		*out++ = *words++;
	*out = NULL;
	return 0;
}

static bool person_looks(void)
{
	const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");

	return isatty(STDOUT_FILENO) && !(no_color && *no_color) &&
	       !(term && !strcmp(term, "dumb"));
}

void options_apply(const struct options *options, struct vsw *vsw)
{
	vsw->timestamp |= options->timestamp;
	vsw->out.json |= options->json;
	vsw->out.pretty |= options->pretty;
	vsw->out.stats |= options->stats;
	vsw->out.details |= options->details;
	vsw->out.colour = !vsw->out.json && (options->colour_when == COLOUR_ALWAYS ||
			  (options->colour_when == COLOUR_AUTO && person_looks()));
}
