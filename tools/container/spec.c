// SPDX-License-Identifier: GPL-2.0
#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "cleanup.h"
#include "parse.h"
#include "spec.h"
#include "units.h"

#define CPU_PERIOD	100000		/* microseconds, see spec.cpu_quota */
#define CPU_MILLI_MIN	10		/* the kernel's least quota is 1 ms of 100 */
#define CPU_MILLI_MAX	(8192 * 1000)
#define MEMORY_MIN	(4ULL << 20)	/* below, not even the way to exec fits */
#define PIDS_LIMIT	(4 * 1024 * 1024)	/* the kernel's PID_MAX_LIMIT */
#define MTU_MIN		68		/* RFC 791 */
#define MTU_MIN_V6	1280		/* RFC 8200 */
#define MTU_MAX		65535
#define MAJOR_MAX	4095
#define MINOR_MAX	1048575
#define ID_LIMIT	4294967294u	/* the last one means "unchanged" */

#define DEFAULT_PATH	"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

bool spec_name_valid(const char *name)
{
	size_t i;

	if (!isalnum((unsigned char)name[0]))
		return false;
	for (i = 1; name[i]; i++) {
		if (!isalnum((unsigned char)name[i]) && !strchr("_.-", name[i]))
			return false;
	}
	return i <= SPEC_NAME_MAX;
}

int spec_set_name(struct spec *spec, const char *text, struct err *err)
{
	if (!*text)
		return err_set(err, CONTAINER_FAILED, "name: it is empty");
	if (strlen(text) > SPEC_NAME_MAX)
		return err_set(err, CONTAINER_FAILED,
			       "name: '%.80s' is too long, the most is %d characters", text,
			       SPEC_NAME_MAX);
	if (!spec_name_valid(text))
		return err_set(err, CONTAINER_FAILED,
			       "name: '%s' is not a name (letters, digits, and after the first also . _ -)",
			       text);
	spec->name = text;
	return 0;
}

int spec_set_hostname(struct spec *spec, const char *text, struct err *err)
{
	size_t i;

	if (!*text || strlen(text) > SPEC_NAME_MAX)
		return err_set(err, CONTAINER_FAILED,
			       "hostname: '%.80s' does not have 1 to %d characters", text,
			       SPEC_NAME_MAX);
	for (i = 0; text[i]; i++) {
		bool edge = !i || !text[i + 1];

		if (!isalnum((unsigned char)text[i]) && (edge || !strchr(".-_", text[i])))
			return err_set(err, CONTAINER_FAILED,
				       "hostname: '%s' is not a host name", text);
	}
	spec->hostname = text;
	return 0;
}

int spec_set_rootfs(struct spec *spec, const char *text, struct err *err)
{
	if (!*text)
		return err_set(err, CONTAINER_FAILED, "rootfs: the path is empty");
	spec->rootfs = text;
	return 0;
}

int spec_set_workdir(struct spec *spec, const char *text, struct err *err)
{
	if (*text != '/')
		return err_set(err, CONTAINER_FAILED,
			       "workdir: '%s' is not an absolute path", text);
	spec->workdir = text;
	return 0;
}

static int parse_id(const char *what, const char *text, uint32_t *id, struct err *err)
{
	uint64_t value;

	if (units_parse_count(what, text, &value, CONTAINER_FAILED, err) < 0)
		return -1;
	if (value > ID_LIMIT)
		return err_set(err, CONTAINER_FAILED, "%s: '%s' is too large, the most is %u",
			       what, text, ID_LIMIT);
	*id = value;
	return 0;
}

int spec_set_user(struct spec *spec, const char *text, struct err *err)
{
	cleanup_free char *copy = strdup(text);
	char *colon;

	if (!copy)
		return err_set_errno(err, CONTAINER_FAILED, ENOMEM, "user");
	colon = strchr(copy, ':');
	if (colon)
		*colon = '\0';
	if (parse_id("user", copy, &spec->uid, err) < 0)
		return -1;
	if (colon && parse_id("group", colon + 1, &spec->gid, err) < 0)
		return -1;
	spec->has_user = true;
	return 0;
}

int spec_set_switch(struct spec *spec, const char *text, struct err *err)
{
	if (!*text || strlen(text) >= IFNAMSIZ)
		return err_set(err, CONTAINER_FAILED,
			       "switch: '%s' does not have 1 to %d characters", text,
			       IFNAMSIZ - 1);
	if (spec->switch_name)
		return err_set(err, CONTAINER_FAILED,
			       "network: its switch is '%s', and there is only one of it",
			       spec->switch_name);
	spec->switch_name = text;
	return 0;
}

int spec_set_network(struct spec *spec, const char *text, struct err *err)
{
	spec->dhcp = true;
	return spec_set_switch(spec, text, err);
}

static const char * const adapters[] = { [ADAPTER_VNIC] = "vnic", [ADAPTER_VETH] = "veth" };

const char *spec_adapter_name(enum spec_adapter adapter)
{
	return adapters[adapter];
}

int spec_set_adapter(struct spec *spec, const char *text, struct err *err)
{
	size_t i;

	for (i = 0; i < sizeof(adapters) / sizeof(adapters[0]); i++) {
		if (!strcmp(text, adapters[i])) {
			spec->adapter = i;
			spec->has_adapter = true;
			return 0;
		}
	}
	return err_set(err, CONTAINER_FAILED, "adapter: '%s' is neither '%s' nor '%s'", text,
		       adapters[ADAPTER_VNIC], adapters[ADAPTER_VETH]);
}

int spec_set_mac(struct spec *spec, const char *text, struct err *err)
{
	static const uint8_t zero[6];

	if (parse_mac("mac", text, spec->mac, err) < 0) {
		err->status = CONTAINER_FAILED;
		return -1;
	}
	if (spec->mac[0] & 1)
		return err_set(err, CONTAINER_FAILED, "mac: '%s' is a multicast address", text);
	if (!memcmp(spec->mac, zero, sizeof(zero)))
		return err_set(err, CONTAINER_FAILED, "mac: '%s' is all zero", text);
	spec->has_mac = true;
	return 0;
}

int spec_set_mtu(struct spec *spec, const char *text, struct err *err)
{
	uint64_t mtu;

	if (units_parse_count("mtu", text, &mtu, CONTAINER_FAILED, err) < 0)
		return -1;
	if (mtu < MTU_MIN || mtu > MTU_MAX)
		return err_set(err, CONTAINER_FAILED, "mtu: '%s' is not between %d and %d",
			       text, MTU_MIN, MTU_MAX);
	spec->mtu = mtu;
	return 0;
}

int spec_set_memory(struct spec *spec, const char *text, struct err *err)
{
	char least[UNITS_TEXT_SIZE];

	if (units_parse_bytes("memory", text, &spec->memory, CONTAINER_FAILED, err) < 0)
		return -1;
	if (spec->memory < MEMORY_MIN)
		return err_set(err, CONTAINER_FAILED, "memory: '%s' is too little, the least is %s",
			       text, units_format_bytes(least, MEMORY_MIN));
	if (spec->memory > INT64_MAX)
		return err_set(err, CONTAINER_FAILED, "memory: '%s' is too large", text);
	return 0;
}

int spec_set_cpus(struct spec *spec, const char *text, struct err *err)
{
	uint64_t milli;

	if (units_parse_milli("cpus", text, &milli, CONTAINER_FAILED, err) < 0)
		return -1;
	if (milli < CPU_MILLI_MIN || milli > CPU_MILLI_MAX)
		return err_set(err, CONTAINER_FAILED, "cpus: '%s' is not between 0.01 and %d",
			       text, CPU_MILLI_MAX / 1000);
	spec->cpu_quota = milli * (CPU_PERIOD / 1000);
	return 0;
}

int spec_set_pids(struct spec *spec, const char *text, struct err *err)
{
	if (units_parse_count("pids", text, &spec->pids, CONTAINER_FAILED, err) < 0)
		return -1;
	if (!spec->pids || spec->pids > PIDS_LIMIT)
		return err_set(err, CONTAINER_FAILED, "pids: '%s' is not between 1 and %d",
			       text, PIDS_LIMIT);
	return 0;
}

/* "8:0" or the path of a block device */
static int io_device(const char *device, struct spec_io *io, struct err *err)
{
	unsigned long long major, minor;
	struct stat st;
	int end = 0;

	/* numbers that are too long for a device are too long for it, not cut */
	if (strspn(device, "0123456789:") == strlen(device) && strlen(device) < 20 &&
	    sscanf(device, "%llu:%llu%n", &major, &minor, &end) == 2 && !device[end]) {
		if (major > MAJOR_MAX || minor > MINOR_MAX)
			return err_set(err, CONTAINER_FAILED, "io: '%s' is not a device number",
				       device);
		io->major = major;
		io->minor = minor;
		return 0;
	}
	if (stat(device, &st) < 0)
		return err_set_errno(err, CONTAINER_FAILED, errno, "io: '%s'", device);
	if (!S_ISBLK(st.st_mode))
		return err_set(err, CONTAINER_FAILED, "io: '%s' is not a block device", device);
	io->major = major(st.st_rdev);
	io->minor = minor(st.st_rdev);
	return 0;
}

static int io_limit(char *word, struct spec_io *io, struct err *err)
{
	char *value = strchr(word, '=');
	uint64_t *slot = NULL;

	if (value)
		*value++ = '\0';
	if (!strcmp(word, "rbps"))
		slot = &io->rbps;
	else if (!strcmp(word, "wbps"))
		slot = &io->wbps;
	else if (!strcmp(word, "riops"))
		slot = &io->riops;
	else if (!strcmp(word, "wiops"))
		slot = &io->wiops;
	if (!slot || !value)
		return err_set(err, CONTAINER_FAILED,
			       "io: '%s' is none of rbps=, wbps=, riops=, wiops=", word);
	if (*slot)
		return err_set(err, CONTAINER_FAILED, "io: %s= is given twice", word);
	if (slot == &io->rbps || slot == &io->wbps) {
		if (units_parse_bytes("io", value, slot, CONTAINER_FAILED, err) < 0)
			return -1;
	} else if (units_parse_count("io", value, slot, CONTAINER_FAILED, err) < 0) {
		return -1;
	}
	if (!*slot)
		return err_set(err, CONTAINER_FAILED, "io: %s=%s would stop the device", word,
			       value);
	if ((slot == &io->riops || slot == &io->wiops) && *slot > UINT32_MAX)
		return err_set(err, CONTAINER_FAILED, "io: %s=%s is too large", word, value);
	return 0;
}

int spec_add_io(struct spec *spec, const char *text, struct err *err)
{
	cleanup_free char *copy = strdup(text);
	char *limits = NULL, *equals, *word, *save;
	struct spec_io io = { 0 };
	size_t i;

	if (!copy)
		return err_set_errno(err, CONTAINER_FAILED, ENOMEM, "io");
	/* the device may contain colons: the last one before the first '=' ends it */
	equals = strchr(copy, '=');
	if (equals)
		limits = memrchr(copy, ':', equals - copy);
	if (!limits || limits == copy)
		return err_set(err, CONTAINER_FAILED,
			       "io: '%s' is not DEVICE:LIMIT=VALUE[,...]", text);
	*limits++ = '\0';
	if (io_device(copy, &io, err) < 0)
		return -1;
	for (word = strtok_r(limits, ",", &save); word; word = strtok_r(NULL, ",", &save)) {
		if (io_limit(word, &io, err) < 0)
			return -1;
	}
	for (i = 0; i < spec->n_ios; i++) {
		if (spec->ios[i].major == io.major && spec->ios[i].minor == io.minor)
			return err_set(err, CONTAINER_FAILED, "io: device '%s' is given twice",
				       copy);
	}
	if (spec->n_ios == SPEC_IOS_MAX)
		return err_set(err, CONTAINER_FAILED, "io: more than %d devices", SPEC_IOS_MAX);
	spec->ios[spec->n_ios++] = io;
	return 0;
}

/* The variable of that name in the container's environment, or NULL. */
static char **env_find(struct spec *spec, const char *name, size_t len)
{
	size_t i;

	for (i = 0; i < spec->n_env; i++) {
		if (!strncmp(spec->env[i], name, len) && spec->env[i][len] == '=')
			return &spec->env[i];
	}
	return NULL;
}

static int env_put(struct spec *spec, const char *text, size_t name_len, struct err *err)
{
	char **slot = env_find(spec, text, name_len);
	char *copy = strdup(text);

	if (!copy)
		return err_set_errno(err, CONTAINER_FAILED, ENOMEM, "env");
	if (slot) {
		free(*slot);
		*slot = copy;
	} else {
		spec->env[spec->n_env++] = copy;
	}
	return 0;
}

int spec_add_env(struct spec *spec, const char *text, struct err *err)
{
	size_t name_len = strcspn(text, "=");
	cleanup_free char *pair = NULL;
	const char *value;

	if (!name_len)
		return err_set(err, CONTAINER_FAILED, "env: '%s' has no name", text);
	if (spec->n_env == SPEC_ENV_MAX)
		return err_set(err, CONTAINER_FAILED, "env: more than %d variables",
			       SPEC_ENV_MAX);
	if (text[name_len])
		return env_put(spec, text, name_len, err);
	/* a name alone: the value it has here, if it has one */
	value = getenv(text);
	if (!value)
		return 0;
	if (asprintf(&pair, "%s=%s", text, value) < 0)
		return err_set_errno(err, CONTAINER_FAILED, ENOMEM, "env");
	return env_put(spec, pair, name_len, err);
}

int spec_add_env_file(struct spec *spec, const char *path, struct err *err)
{
	cleanup_free char *line = NULL;
	FILE *file = fopen(path, "re");
	size_t size = 0;
	ssize_t len;
	int ret = 0;

	if (!file)
		return err_set_errno(err, CONTAINER_FAILED, errno, "env-file: '%s'", path);
	while (!ret && (len = getline(&line, &size, file)) > 0) {
		const char *text = line + strspn(line, " \t");

		line[strcspn(line, "\r\n")] = '\0';
		if (*text && *text != '#')
			ret = spec_add_env(spec, text, err);
	}
	if (!ret && ferror(file))
		ret = err_set_errno(err, CONTAINER_FAILED, errno, "env-file: read '%s'", path);
	fclose(file);
	return ret;
}

int spec_finish_env(struct spec *spec, struct err *err)
{
	char hostname[sizeof("HOSTNAME=") + SPEC_NAME_MAX];
	const char *home = spec->uid ? "HOME=/" : "HOME=/root";

	snprintf(hostname, sizeof(hostname), "HOSTNAME=%s", spec->hostname);
	if (!env_find(spec, "PATH", 4) && env_put(spec, DEFAULT_PATH, 4, err) < 0)
		return -1;
	if (!env_find(spec, "HOSTNAME", 8) && env_put(spec, hostname, 8, err) < 0)
		return -1;
	if (!env_find(spec, "HOME", 4) && env_put(spec, home, 4, err) < 0)
		return -1;
	if (spec->terminal && !env_find(spec, "TERM", 4) &&
	    env_put(spec, "TERM=xterm", 4, err) < 0)
		return -1;
	return 0;
}

static int check_gateway(const struct spec *spec, const struct spec_addr *gateway,
			 struct err *err)
{
	const char *family = gateway->family == AF_INET ? "IPv4" : "IPv6";
	size_t i;

	if (!gateway->family)
		return 0;
	for (i = 0; i < spec->n_addrs; i++) {
		if (spec->addrs[i].family == gateway->family &&
		    !memcmp(spec->addrs[i].bytes, gateway->bytes, sizeof(gateway->bytes)))
			return err_set(err, CONTAINER_FAILED,
				       "gateway: the %s gateway is the container's own address",
				       family);
	}
	if (gateway->family == AF_INET6 && IN6_IS_ADDR_LINKLOCAL(&gateway->v6))
		return 0;
	for (i = 0; i < spec->n_addrs; i++) {
		if (spec_addr_contains(&spec->addrs[i], gateway))
			return 0;
	}
	return err_set(err, CONTAINER_FAILED,
		       "gateway: the %s gateway is in no network of an ip option", family);
}

/* Who is to send from its addresses only, or asks for one, has to be known before. */
static int choose_mac(struct spec *spec, struct err *err)
{
	if (spec->has_mac || (!spec->dhcp && (!spec->n_addrs || spec->no_guard)))
		return 0;
	if (getrandom(spec->mac, sizeof(spec->mac), 0) != sizeof(spec->mac))
		return err_set_errno(err, CONTAINER_FAILED, errno, "mac: choose one");
	/* a unicast address, given out by nobody */
	spec->mac[0] = (spec->mac[0] & 0xfc) | 2;
	spec->has_mac = true;
	return 0;
}

/* Each needs an address of the container that it can lead to. */
static int check_publishes(const struct spec *spec, struct err *err)
{
	bool v4 = spec->dhcp, v6 = false;
	size_t i;

	if (spec->obey_firewall && !spec->n_publishes)
		return err_set(err, CONTAINER_FAILED, "obey-firewall: nothing is published");
	for (i = 0; i < spec->n_addrs; i++) {
		v4 |= spec->addrs[i].family == AF_INET;
		v6 |= spec->addrs[i].family == AF_INET6 &&
		      !IN6_IS_ADDR_LINKLOCAL(&spec->addrs[i].v6);
	}
	for (i = 0; i < spec->n_publishes; i++) {
		unsigned int len = spec->publishes[i].address.len;

		if (len == 4 ? v4 : len ? v6 : v4 || v6)
			continue;
		return err_set(err, CONTAINER_FAILED,
			       "publish: '%s': the container has no %saddress to lead to, see --ip",
			       spec->publishes[i].text, len == 4 ? "IPv4 " : len ? "IPv6 " : "");
	}
	return 0;
}

static int check_network(struct spec *spec, struct err *err)
{
	size_t i;

	if (!spec->switch_name) {
		const char *what = spec->n_addrs || spec->dhcp ? "ip" :
				   spec->gateway4.family || spec->gateway6.family ? "gateway" :
				   spec->has_mac ? "mac" : spec->mtu ? "mtu" :
				   spec->n_publishes ? "publish" : spec->rate ? "rate" :
				   spec->has_adapter ? "adapter" : NULL;

		if (what)
			return err_set(err, CONTAINER_FAILED,
				       "%s: there is no interface without --switch", what);
		return 0;
	}
	for (i = 0; i < spec->n_addrs; i++) {
		if (spec->dhcp && spec->addrs[i].family == AF_INET)
			return err_set(err, CONTAINER_FAILED,
				       "ip: an IPv4 address is leased or said, not both");
		if (spec->mtu && spec->mtu < MTU_MIN_V6 && spec->addrs[i].family == AF_INET6)
			return err_set(err, CONTAINER_FAILED,
				       "mtu: IPv6 needs at least %d", MTU_MIN_V6);
	}
	if (check_gateway(spec, &spec->gateway4, err) < 0 || choose_mac(spec, err) < 0)
		return -1;
	return check_gateway(spec, &spec->gateway6, err);
}

int spec_check(struct spec *spec, struct err *err)
{
	if (!spec->rootfs && !spec->n_layers)
		return err_set(err, CONTAINER_FAILED, "an image is missing, or --rootfs");
	if (!spec->name)
		return err_set(err, CONTAINER_FAILED, "--name is missing");
	if (!spec->argv || !spec->argv[0])
		return err_set(err, CONTAINER_FAILED, "the command is missing");
	if (!*spec->argv[0])
		return err_set(err, CONTAINER_NOT_FOUND, "the command is empty");
	if (spec->userns && (spec->uid >= SPEC_USERNS_IDS || spec->gid >= SPEC_USERNS_IDS))
		return err_set(err, CONTAINER_FAILED,
			       "user: with --userns ids end at %d", SPEC_USERNS_IDS - 1);
	if (rate_check(spec, err) < 0 || check_network(spec, err) < 0 ||
	    check_publishes(spec, err) < 0)
		return -1;
	if (!spec->hostname)
		spec->hostname = spec->name;
	if (!spec->workdir)
		spec->workdir = "/";
	return spec_finish_env(spec, err);
}

void spec_free(struct spec *spec)
{
	size_t i;

	for (i = 0; i < spec->n_env; i++)
		free(spec->env[i]);
	spec->n_env = 0;
	spec_free_mounts(spec);
	free(spec->image_argv);
	spec->image_argv = NULL;
}
