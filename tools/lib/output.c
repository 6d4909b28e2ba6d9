// SPDX-License-Identifier: GPL-2.0
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "output.h"
#include "output_private.h"
#include "status.h"

const char *seconds_word(char text[SECONDS_SIZE], uint32_t ms)
{
	int len = snprintf(text, SECONDS_SIZE, "%u.%03u", ms / 1000, ms % 1000);

	while (text[len - 1] == '0')
		text[--len] = '\0';
	if (text[len - 1] == '.')
		text[--len] = '\0';
	return text;
}

const char *seconds_text(char text[SECONDS_SIZE], uint32_t ms)
{
	seconds_word(text, ms);
	return strcat(text, "s");
}

const char *mapped_text(char text[IP_TEXT_SIZE], const uint8_t ip[MODEL_IP_SIZE])
{
	static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };
	bool v4 = !memcmp(ip, mapped, sizeof(mapped));

	return inet_ntop(v4 ? AF_INET : AF_INET6, v4 ? ip + sizeof(mapped) : ip, text,
			 IP_TEXT_SIZE);
}

const char *mac_text(char text[MAC_TEXT_SIZE], const uint8_t mac[MODEL_MAC_SIZE])
{
	snprintf(text, MAC_TEXT_SIZE, "%02x:%02x:%02x:%02x:%02x:%02x",
		 mac[0], mac[1], mac[2], mac[3], mac[4], mac[5]);
	return text;
}

const char *ip_text(char text[IP_TEXT_SIZE], const struct prefix *ip)
{
	if (!inet_ntop(ip->len == 4 ? AF_INET : AF_INET6, ip->bytes, text, IP_TEXT_SIZE))
		strcpy(text, "?");
	return text;
}

const char *prefix_text(char text[IP_TEXT_SIZE], const struct prefix *ip)
{
	size_t len;

	ip_text(text, ip);
	len = strlen(text);
	if (ip->bits != ip->len * 8)
		snprintf(text + len, IP_TEXT_SIZE - len, "/%u", ip->bits);
	return text;
}

const char *net_text(char text[IP_TEXT_SIZE], const struct prefix *net)
{
	return net->bits ? prefix_text(text, net) : strcpy(text, "default");
}

int output_list(const struct output *out, const struct kind *kind,
		const struct list *list, struct err *err)
{
	return out->json ? json_list(out, kind, list, err) : text_list(out, kind, list, err);
}

int output_object(const struct output *out, const struct kind *kind,
		  const void *object, struct err *err)
{
	const struct list list = { .items = (void *)object, .n = 1 };

	return output_list(out, kind, &list, err);
}

int output_flushed(const struct output *out, uint32_t flushed, struct err *err)
{
	const struct vsw_fdb fdb = { .has = HAS(VSWITCH_A_FDB_FLUSHED), .flushed = flushed };

	if (out->json)
		return output_object(out, &kind_fdb, &fdb, err);
	printf("%u %s flushed\n", flushed, flushed == 1 ? "entry" : "entries");
	return 0;
}

void output_name(const char *name)
{
	put(false, COLOUR_NONE, "%s", name);
	putchar('\n');
}

void output_number(uint32_t number)
{
	printf("%u\n", number);
}

void output_private_vlans(const struct vsw_switch *sw)
{
	const struct private_vlans *vlans = &sw->private_vlans;
	size_t i;

	for (i = 0; i < vlans->n; i++) {
		const struct private_vlan *pair = &vlans->pair[i];

		if (!i || pair[-1].primary != pair->primary)
			put(false, COLOUR_NONE, "%s%s private VLAN %u:", i ? "\n" : "", sw->name,
			    pair->primary);
		else
			putchar(',');
		put(false, COLOUR_NONE, " %u %s", pair->secondary, vlan_private_name(pair->type));
	}
	if (vlans->n)
		putchar('\n');
}

void output_idle_vlans(const char *switch_name)
{
	put(false, COLOUR_NONE, "%s does not filter by VLAN: 'vsw switch set %s vlan-filtering on'",
	    switch_name, switch_name);
	putchar('\n');
}

void output_text(const char *text)
{
	fputs(text, stdout);
}

int output_event(const struct output *out, const char *event, const struct kind *kind,
		 const void *object, const char *timestamp, struct err *err)
{
	if (!out->json)
		text_event(out, event, kind, object, timestamp);
	else if (json_event(out, event, kind, object, timestamp, err) < 0)
		return -1;
	return output_flush(err);
}

int output_flush(struct err *err)
{
	errno = 0;
	if (fflush(stdout) == 0 && !ferror(stdout))
		return 0;
	return err_set_errno(err, STATUS_SYSTEM, errno ? errno : EIO, "can't write the output");
}
