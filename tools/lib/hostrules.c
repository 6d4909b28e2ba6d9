// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "hostrules.h"
#include "status.h"

#define NO_NFT	127	/* exit status */

static struct hostrules_chain *grow(struct hostrules *rules, struct err *err)
{
	struct hostrules_chain *chain = reallocarray(rules->chain, rules->n + 1, sizeof(*chain));

	if (!chain) {
		err_set(err, STATUS_SYSTEM, "out of memory");
		return NULL;
	}
	rules->chain = chain;
	chain += rules->n++;
	memset(chain, 0, sizeof(*chain));
	return chain;
}

/* ---- nftables -------------------------------------------------------------------------- */

static pid_t start_nft(int *from, struct err *err)
{
	static const char * const places[] = {
		"/usr/sbin/nft", "/usr/local/sbin/nft", "/sbin/nft"
	};
	char * const argv[] = { "nft", "--json", "--terse", "list", "ruleset", NULL };
	char * const environment[] = { "PATH=/usr/sbin:/usr/bin:/sbin:/bin", NULL };
	int ends[2];
	pid_t pid;
	size_t i;

	if (pipe2(ends, O_CLOEXEC) < 0)
		return err_set_errno(err, STATUS_SYSTEM, errno, "can't make a pipe");
	fflush(NULL);
	pid = fork();
	if (!pid) {
		if (dup2(ends[1], STDOUT_FILENO) < 0)
			_exit(NO_NFT);
		for (i = 0; i < sizeof(places) / sizeof(places[0]); i++)
			execve(places[i], argv, environment);
		_exit(NO_NFT);
	}
	close(ends[1]);
	*from = ends[0];
	if (pid > 0)
		return pid;
	close(ends[0]);
	return err_set_errno(err, STATUS_SYSTEM, errno, "can't make a process");
}

/* NULL: it has failed, or there is none. */
static json_t *ask_nft(struct hostrules *rules, struct err *err)
{
	int from = -1, status = 0;
	pid_t pid = start_nft(&from, err);
	json_t *all;
	FILE *stream;

	if (pid < 0)
		return NULL;
	stream = fdopen(from, "r");
	all = stream ? json_loadf(stream, 0, NULL) : NULL;
	if (stream)
		fclose(stream);
	else
		close(from);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	rules->no_nft = WIFEXITED(status) && WEXITSTATUS(status) == NO_NFT;
	if (!all && !rules->no_nft)
		err_set(err, STATUS_SYSTEM, "nft list ruleset failed, so the host's rules are not known");
	return all;
}

static const char *text_of(json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key)) ?: "";
}

/* "inet" is of both. */
static bool is_of(json_t *object, int family)
{
	const char *name = text_of(object, "family");

	return !strcmp(name, "inet") || !strcmp(name, family == AF_INET ? "ip" : "ip6");
}

static void chain_name(char name[HOSTRULES_NAME_SIZE], json_t *object, const char *key)
{
	snprintf(name, HOSTRULES_NAME_SIZE, "nft %s %s %s", text_of(object, "family"),
		 text_of(object, "table"), text_of(object, key));
}

static int add_chain(struct hostrules *rules, json_t *object, struct err *err)
{
	struct hostrules_chain *chain;

	if (!*text_of(object, "hook"))
		return 0;
	chain = grow(rules, err);
	if (!chain)
		return -1;
	chain_name(chain->name, object, "name");
	snprintf(chain->hook, sizeof(chain->hook), "%s", text_of(object, "hook"));
	snprintf(chain->type, sizeof(chain->type), "%s", text_of(object, "type"));
	snprintf(chain->policy, sizeof(chain->policy), "%s", text_of(object, "policy"));
	chain->priority = json_integer_value(json_object_get(object, "prio"));
	chain->counted = true;
	return 0;
}

static void count_rule(struct hostrules *rules, json_t *object)
{
	char name[HOSTRULES_NAME_SIZE];
	size_t i;

	chain_name(name, object, "chain");
	for (i = 0; i < rules->n; i++)
		if (!strcmp(rules->chain[i].name, name))
			rules->chain[i].rules++;
}

static int read_nft(int family, struct hostrules *rules, struct err *err)
{
	json_t *all = ask_nft(rules, err), *array, *item, *object;
	int ret = 0;
	size_t i;

	if (!all)
		return rules->no_nft ? 0 : -1;
	array = json_object_get(all, "nftables");
	/* a table's chains are there before its rules */
	json_array_foreach(array, i, item) {
		object = json_object_get(item, "chain");
		if (!ret && object && is_of(object, family))
			ret = add_chain(rules, object, err);
		object = json_object_get(item, "rule");
		if (object && is_of(object, family))
			count_rule(rules, object);
	}
	json_decref(all);
	return ret;
}

/* ---- the old iptables ------------------------------------------------------------------ */

static const struct {
	const char *table, *hook;
	int32_t priority;
} legacy[] = {
	{ "raw", "prerouting", -300 }, { "raw", "output", -300 },
	{ "mangle", "prerouting", -150 }, { "mangle", "input", -150 },
	{ "mangle", "forward", -150 }, { "mangle", "output", -150 },
	{ "mangle", "postrouting", -150 },
	{ "nat", "prerouting", -100 }, { "nat", "output", -100 }, { "nat", "postrouting", 100 },
	{ "nat", "input", 100 },
	{ "filter", "input", 0 }, { "filter", "forward", 0 }, { "filter", "output", 0 },
	{ "security", "input", 50 }, { "security", "forward", 50 }, { "security", "output", 50 },
};

static int add_legacy(const char *table, struct hostrules *rules, struct err *err)
{
	struct hostrules_chain *chain;
	size_t i;

	for (i = 0; i < sizeof(legacy) / sizeof(legacy[0]); i++) {
		if (strcmp(legacy[i].table, table))
			continue;
		chain = grow(rules, err);
		if (!chain)
			return -1;
		snprintf(chain->name, sizeof(chain->name), "iptables-legacy %s", table);
		snprintf(chain->hook, sizeof(chain->hook), "%s", legacy[i].hook);
		snprintf(chain->type, sizeof(chain->type), "%s",
			 strcmp(table, "nat") ? "filter" : "nat");
		chain->priority = legacy[i].priority;
	}
	return 0;
}

/* Tables that were used since boot, in this network namespace. */
static int read_legacy(int family, struct hostrules *rules, struct err *err)
{
	FILE *file = fopen(family == AF_INET ? "/proc/self/net/ip_tables_names" :
			   "/proc/self/net/ip6_tables_names", "re");
	char line[64];
	int ret = 0;

	while (file && !ret && fgets(line, sizeof(line), file)) {
		line[strcspn(line, "\n")] = '\0';
		ret = add_legacy(line, rules, err);
	}
	if (file)
		fclose(file);
	return ret;
}

int hostrules_read(int family, struct hostrules *rules, struct err *err)
{
	*rules = (struct hostrules){};
	if (read_nft(family, rules, err) == 0 && read_legacy(family, rules, err) == 0)
		return 0;
	hostrules_free(rules);
	return -1;
}

void hostrules_free(struct hostrules *rules)
{
	free(rules->chain);
	*rules = (struct hostrules){};
}
