// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libmnl/libmnl.h>
#include <linux/genetlink.h>

#include "nl_codec.h"
#include "nl_flow_codec.h"
#include "status.h"

/* Bytes of a field's attribute; 0: not fixed. */
static size_t fixed_len(const struct field *f)
{
	switch (f->type) {
	case FIELD_BOOL:
	case FIELD_FDB_TYPE:
	case FIELD_PORT_TYPE:
	case FIELD_SHUT:
	case FIELD_MIRROR_TO:
	case FIELD_MIRROR_STATE:
	case FIELD_PREFIX:
	case FIELD_STATE:
	case FIELD_DIRECTION:
	case FIELD_VLAN_PROTOCOL:
	case FIELD_VIOLATION:
	case FIELD_ROUTER:
	case FIELD_FILTER:
	case FIELD_U8:
	case FIELD_POLICY:
	case FIELD_FLOW_MISS:
	case FIELD_FLOW_REMOVED:
	case FIELD_GROUP_TYPE:
	case FIELD_GROUP_HASH:
	case FIELD_METER_UNIT:
	case FIELD_PACKET_IN_REASON:
	case FIELD_TRACE_KIND:
	case FIELD_TRACE_METERED:
	case FIELD_TRACE_DESTINATION:
	case FIELD_TRACE_EFFECT:
	case FIELD_IP_PROTOCOL:
	case FIELD_SCHEDULER:
	case FIELD_FORWARD:
	case FIELD_NAT_KIND:
	case FIELD_BACKEND_STATE:
	case FIELD_WHY_SLOW:
	case FIELD_FAMILY:
	case FIELD_SHAPE_MODE:
	case FIELD_SHAPE_DIRECTION:
	case FIELD_DSCP:
		return sizeof(uint8_t);
	case FIELD_U16:
	case FIELD_VID:
	case FIELD_PVID:
		return sizeof(uint16_t);
	case FIELD_U32:
	case FIELD_S32:
	case FIELD_FLOW_FLAGS:
	case FIELD_NAT_FLAGS:
		return sizeof(uint32_t);
	case FIELD_U64:
	case FIELD_CGROUP:
	case FIELD_COOKIE:
		return sizeof(uint64_t);
	case FIELD_MAC:
		return MODEL_MAC_SIZE;
	case FIELD_MAPPED_IP:
		return MODEL_IP_SIZE;
	case FIELD_VLANS:
	case FIELD_UNTAGGED:
	case FIELD_VLAN_SET:
		return sizeof(struct vlan_set);
	}
	return 0;
}

/* The kernel refuses more than there can be; so as many as that and one. */
static void put_ports(struct nlmsghdr *nlh, uint16_t attr, const struct port_refs *ports)
{
	uint32_t numbers[VSWITCH_MAX_MIRROR_PORTS + 1];
	size_t i;

	for (i = 0; i < ports->n && i <= VSWITCH_MAX_MIRROR_PORTS; i++)
		numbers[i] = ports->ref[i].number;
	mnl_attr_put(nlh, attr, i * sizeof(numbers[0]), numbers);
}

/* Its pairs are its first member. */
static size_t map_len(const struct vlan_map *map)
{
	return map->n * sizeof(map->pair[0]);
}

/* Likewise. */
static size_t private_len(const struct private_vlans *vlans)
{
	return vlans->n * sizeof(vlans->pair[0]);
}

static int decode_private(const struct nlattr *attr, struct private_vlans *vlans)
{
	size_t len = mnl_attr_get_payload_len(attr);

	if (len > sizeof(vlans->pair) || len % sizeof(vlans->pair[0]))
		return -EBADMSG;
	memcpy(vlans->pair, mnl_attr_get_payload(attr), len);
	vlans->n = len / sizeof(vlans->pair[0]);
	return 0;
}

static int decode_map(const struct nlattr *attr, struct vlan_map *map)
{
	size_t len = mnl_attr_get_payload_len(attr);

	if (len > sizeof(map->pair) || len % sizeof(map->pair[0]))
		return -EBADMSG;
	memcpy(map->pair, mnl_attr_get_payload(attr), len);
	map->n = len / sizeof(map->pair[0]);
	return 0;
}

void vsw_nl_encode(struct nlmsghdr *nlh, const struct kind *kind, const void *object)
{
	uint64_t has = *(const uint64_t *)object;
	size_t i;

	for (i = 0; i < kind->n_fields; i++) {
		const struct field *f = &kind->fields[i];
		const void *member = (const char *)object + f->offset;
		struct nlattr *nest;

		if (!(has & HAS(f->attr)))
			continue;
		switch (f->type) {
		case FIELD_BOOL:
			mnl_attr_put_u8(nlh, f->attr, *(const bool *)member);
			break;
		case FIELD_FDB_TYPE:
		case FIELD_PORT_TYPE:
		case FIELD_SHUT:
		case FIELD_MIRROR_TO:
		case FIELD_STATE:
		case FIELD_VLAN_PROTOCOL:
		case FIELD_VIOLATION:
		case FIELD_ROUTER:
		case FIELD_U8:
		case FIELD_POLICY:
		case FIELD_FLOW_MISS:
		case FIELD_GROUP_TYPE:
		case FIELD_GROUP_HASH:
		case FIELD_METER_UNIT:
		case FIELD_IP_PROTOCOL:
		case FIELD_SCHEDULER:
		case FIELD_FORWARD:
		case FIELD_NAT_KIND:
		case FIELD_FAMILY:
		case FIELD_SHAPE_MODE:
		case FIELD_SHAPE_DIRECTION:
		case FIELD_DSCP:
			mnl_attr_put_u8(nlh, f->attr, *(const uint8_t *)member);
			break;
		case FIELD_U16:
		case FIELD_VID:
		case FIELD_PVID:
			mnl_attr_put_u16(nlh, f->attr, *(const uint16_t *)member);
			break;
		case FIELD_U32:
		case FIELD_FLOW_FLAGS:
		case FIELD_NAT_FLAGS:
			mnl_attr_put_u32(nlh, f->attr, *(const uint32_t *)member);
			break;
		case FIELD_U64:
		case FIELD_CGROUP:
		case FIELD_COOKIE:
			mnl_attr_put_u64(nlh, f->attr, *(const uint64_t *)member);
			break;
		case FIELD_NAME:
			mnl_attr_put_strz(nlh, f->attr, member);
			break;
		case FIELD_TEXT:
			mnl_attr_put_strz(nlh, f->attr, *(char * const *)member);
			break;
		case FIELD_IP:
			mnl_attr_put(nlh, f->attr, ((const struct prefix *)member)->len,
				     ((const struct prefix *)member)->bytes);
			break;
		case FIELD_PREFIX:
			mnl_attr_put_u8(nlh, f->attr, ((const struct prefix *)member)->bits);
			break;
		case FIELD_MAC:
		case FIELD_MAPPED_IP:
		case FIELD_VLANS:
		case FIELD_UNTAGGED:
		case FIELD_VLAN_SET:
			mnl_attr_put(nlh, f->attr, fixed_len(f), member);
			break;
		case FIELD_FLAG:
			if (*(const bool *)member)
				mnl_attr_put(nlh, f->attr, 0, NULL);
			break;
		case FIELD_MATCH:
			vsw_nl_put_match(nlh, f->attr, member);
			break;
		case FIELD_ACTIONS:
			vsw_nl_put_actions(nlh, f->attr, member);
			break;
		case FIELD_BUCKETS:
			vsw_nl_put_buckets(nlh, f->attr, member);
			break;
		case FIELD_GUARD:
		case FIELD_FLOW:
			nest = mnl_attr_nest_start(nlh, f->attr);
			vsw_nl_encode(nlh, field_kind(f), member);
			mnl_attr_nest_end(nlh, nest);
			break;
		case FIELD_PORTS:
			put_ports(nlh, f->attr, member);
			break;
		case FIELD_VLAN_MAP:
			mnl_attr_put(nlh, f->attr, map_len(member), member);
			break;
		case FIELD_PRIVATE_VLANS:
			mnl_attr_put(nlh, f->attr, private_len(member), member);
			break;
		}
	}
}

/* The string of an attribute, if it is one shorter than size; else NULL. */
static const char *attr_string(const struct nlattr *attr, size_t size)
{
	size_t len = mnl_attr_get_payload_len(attr);
	const char *text = mnl_attr_get_payload(attr);

	return len && strnlen(text, len) < len && strlen(text) < size ? text : NULL;
}

static int decode_drop(const struct nlattr *nest, struct stats *stats)
{
	const struct nlattr *attr;
	struct drop *drop;

	drop = reallocarray(stats->drop, stats->n_drop + 1, sizeof(*drop));
	if (!drop)
		return -ENOMEM;
	stats->drop = drop;
	drop += stats->n_drop;
	memset(drop, 0, sizeof(*drop));
	mnl_attr_for_each_nested(attr, nest) {
		const char *text;

		switch (mnl_attr_get_type(attr)) {
		case VSWITCH_A_DROP_REASON:
			text = attr_string(attr, sizeof(drop->reason));
			if (!text)
				return -EBADMSG;
			strcpy(drop->reason, text);
			break;
		case VSWITCH_A_DROP_PACKETS:
			if (mnl_attr_get_payload_len(attr) != sizeof(uint64_t))
				return -EBADMSG;
			drop->packets = mnl_attr_get_u64(attr);
			break;
		}
	}
	if (!drop->reason[0])
		return -EBADMSG;
	stats->n_drop++;
	return 0;
}

static int decode_attr(const struct nlattr *attr, const struct kind *kind, void *object);

int vsw_nl_decode_nest(const struct nlattr *nest, const struct kind *kind, void *object)
{
	const struct nlattr *attr;
	int ret;

	mnl_attr_for_each_nested(attr, nest) {
		ret = decode_attr(attr, kind, object);
		if (ret < 0)
			return ret;
	}
	return 0;
}

static int decode_ports(const struct nlattr *attr, struct port_refs *ports)
{
	size_t len = mnl_attr_get_payload_len(attr), i;
	uint32_t number;

	if (len % sizeof(number))
		return -EBADMSG;
	for (i = 0; i < len / sizeof(number); i++) {
		memcpy(&number, (const char *)mnl_attr_get_payload(attr) + i * sizeof(number),
		       sizeof(number));
		if (port_refs_add(ports, number) < 0)
			return -ENOMEM;
	}
	return 0;
}

static int decode_ip(const struct nlattr *attr, struct prefix *ip)
{
	size_t len = mnl_attr_get_payload_len(attr);

	if (len != 4 && len != sizeof(ip->bytes))
		return -EBADMSG;
	ip->len = len;
	memcpy(ip->bytes, mnl_attr_get_payload(attr), len);
	return 0;
}

static int decode_bytes(const struct nlattr *attr, struct bytes *bytes)
{
	size_t len = mnl_attr_get_payload_len(attr);

	free(bytes->data);
	bytes->n = 0;
	bytes->data = malloc(len ? len : 1);
	if (!bytes->data)
		return -ENOMEM;
	memcpy(bytes->data, mnl_attr_get_payload(attr), len);
	bytes->n = len;
	return 0;
}

static int decode_source(const struct nlattr *nest, struct vsw_mdb *mdb)
{
	struct mdb_source *source;
	int ret;

	source = reallocarray(mdb->sources, mdb->n_sources + 1, sizeof(*source));
	if (!source)
		return -ENOMEM;
	mdb->sources = source;
	source += mdb->n_sources;
	memset(source, 0, sizeof(*source));
	ret = vsw_nl_decode_nest(nest, &kind_mdb_source, source);
	if (!ret)
		mdb->n_sources++;
	return ret;
}

/* One more of a list. */
static int decode_item(const struct nlattr *nest, const struct kind *kind, struct list *list)
{
	void *object = list_grow(list, kind);

	return object ? vsw_nl_decode_nest(nest, kind, object) : -ENOMEM;
}

static int decode_value(const struct nlattr *attr, const struct field *f, void *object)
{
	void *member = (char *)object + f->offset;
	const char *text;

	switch (f->type) {
	case FIELD_BOOL:
		*(bool *)member = mnl_attr_get_u8(attr);
		return 0;
	case FIELD_NAME:
		text = attr_string(attr, MODEL_NAME_SIZE);
		if (!text)
			return -EBADMSG;
		strcpy(member, text);
		return 0;
	case FIELD_TEXT:
		text = attr_string(attr, MODEL_ALIAS_SIZE);
		if (!text)
			return -EBADMSG;
		free(*(char **)member);
		*(char **)member = strdup(text);
		return *(char **)member ? 0 : -ENOMEM;
	case FIELD_PORTS:
		return decode_ports(attr, member);
	case FIELD_IP:
		return decode_ip(attr, member);
	case FIELD_PREFIX:
		((struct prefix *)member)->bits = mnl_attr_get_u8(attr);
		return 0;
	case FIELD_BYTES:
	case FIELD_USERDATA:
		return decode_bytes(attr, member);
	case FIELD_FLAG:
		*(bool *)member = true;
		return 0;
	case FIELD_MATCH:
		return vsw_nl_get_match(attr, member);
	case FIELD_ACTIONS:
		return vsw_nl_get_actions(attr, member);
	case FIELD_BUCKETS:
		return vsw_nl_get_bucket(attr, member);
	case FIELD_STATS:
	case FIELD_GUARD:
	case FIELD_MCAST_STATS:
	case FIELD_FLOW:
	case FIELD_ROUTER_STATS:
	case FIELD_SHAPE_STATS:
		return vsw_nl_decode_nest(attr, field_kind(f), member);
	case FIELD_TRACE_STEPS:
	case FIELD_TRACE_NEAR:
		return decode_item(attr, field_kind(f), member);
	case FIELD_SOURCES:
		return decode_source(attr, object);
	case FIELD_DROP:
		return decode_drop(attr, object);
	case FIELD_VLAN_MAP:
		return decode_map(attr, member);
	case FIELD_PRIVATE_VLANS:
		return decode_private(attr, member);
	}
	memcpy(member, mnl_attr_get_payload(attr), fixed_len(f));
	return 0;
}

static int decode_attr(const struct nlattr *attr, const struct kind *kind, void *object)
{
	const struct field *f = kind_field(kind, mnl_attr_get_type(attr));
	size_t len;
	int ret;

	if (!f)		/* a newer module's */
		return 0;
	len = fixed_len(f);
	if (len && mnl_attr_get_payload_len(attr) != len)
		return -EBADMSG;
	ret = decode_value(attr, f, object);
	if (!ret)
		*(uint64_t *)object |= HAS(f->attr);
	return ret;
}

int vsw_nl_decode(const struct nlmsghdr *nlh, const struct kind *kind, void *object,
		  struct err *err)
{
	const struct nlattr *attr;
	int ret;

	if (mnl_nlmsg_get_payload_len(nlh) < sizeof(struct genlmsghdr))
		return err_set(err, STATUS_SYSTEM, "the kernel's answer is too short");
	mnl_attr_for_each(attr, nlh, sizeof(struct genlmsghdr)) {
		ret = decode_attr(attr, kind, object);
		if (ret == -ENOMEM)
			return err_set(err, STATUS_SYSTEM, "out of memory");
		if (ret < 0)	/* only those that are known are read */
			return err_set(err, STATUS_SYSTEM,
				       "the kernel's answer has a '%s' of the %s that can't be read: are module and vsw of one release?",
				       kind_field(kind, mnl_attr_get_type(attr))->name,
				       kind->name);
	}
	return 0;
}

/* What the kernel says beside the error number. */
struct extack {
	const char *text;
	uint32_t offset;	/* of the attribute in the request; 0: none */
	uint32_t missing;	/* type of the attribute that is not there; 0: none */
	bool has_min, has_max;
	uint64_t min, max;
};

static void read_policy(const struct nlattr *nest, struct extack *ack)
{
	const struct nlattr *attr;

	mnl_attr_for_each_nested(attr, nest) {
		if (mnl_attr_get_payload_len(attr) != sizeof(uint64_t))
			continue;
		switch (mnl_attr_get_type(attr)) {
		case NL_POLICY_TYPE_ATTR_MIN_VALUE_U:
			ack->min = mnl_attr_get_u64(attr);
			ack->has_min = true;
			break;
		case NL_POLICY_TYPE_ATTR_MAX_VALUE_U:
			ack->max = mnl_attr_get_u64(attr);
			ack->has_max = true;
			break;
		}
	}
}

static void read_extack(const struct nlmsghdr *nlh, size_t offset, struct extack *ack)
{
	const struct nlattr *attr;

	if (!(nlh->nlmsg_flags & NLM_F_ACK_TLVS) || mnl_nlmsg_get_payload_len(nlh) < offset)
		return;
	mnl_attr_for_each(attr, nlh, offset) {
		size_t len = mnl_attr_get_payload_len(attr);

		switch (mnl_attr_get_type(attr)) {
		case NLMSGERR_ATTR_MSG:
			ack->text = attr_string(attr, ERR_MSG_SIZE);
			break;
		case NLMSGERR_ATTR_OFFS:
			if (len == sizeof(uint32_t))
				ack->offset = mnl_attr_get_u32(attr);
			break;
		case NLMSGERR_ATTR_MISS_TYPE:
			if (len == sizeof(uint32_t))
				ack->missing = mnl_attr_get_u32(attr);
			break;
		case NLMSGERR_ATTR_POLICY:
			read_policy(attr, ack);
			break;
		}
	}
}

static bool is_in(const struct nlattr *attr, const char *at)
{
	return (const char *)attr <= at && at < (const char *)mnl_attr_next(attr);
}

/* What is at a place of the request: a field, or the innermost one that it is in. */
static const struct field *field_in(const struct nlattr *attr, const struct kind *kind,
				    const char *at)
{
	const struct field *f = kind_field(kind, mnl_attr_get_type(attr)), *inner;
	const struct nlattr *nested;

	if (!f || !field_kind(f) || at == (const char *)attr)
		return f;
	mnl_attr_for_each_nested(nested, attr) {
		if (!is_in(nested, at))
			continue;
		inner = field_in(nested, field_kind(f), at);
		return inner ? inner : f;
	}
	return f;
}

/* The field at offset of the request, in a nest or not, or NULL. */
static const struct field *field_at(const struct nlmsghdr *request, const struct kind *kind,
				    uint32_t offset)
{
	const char *at = (const char *)request + offset;
	const struct nlattr *attr;

	mnl_attr_for_each(attr, request, sizeof(struct genlmsghdr))
		if (is_in(attr, at))
			return field_in(attr, kind, at);
	return NULL;
}

/* The field of the request that the kernel points at, or NULL. */
static const struct field *culprit(const struct extack *ack, const struct nlmsghdr *request,
				   const struct kind *kind)
{
	if (!kind)
		return NULL;
	if (ack->missing)
		return kind_field(kind, ack->missing);
	if (ack->offset < NLMSG_HDRLEN + GENL_HDRLEN ||
	    ack->offset + sizeof(struct nlattr) > request->nlmsg_len)
		return NULL;
	return field_at(request, kind, ack->offset);
}

static void describe(const struct extack *ack, const struct field *f, int errnum, struct err *err)
{
	char where[160] = "";
	const char *text = ack->text;
	int len;

	if (!text)	/* of its own errors the module explains every one */
		text = errnum == EOPNOTSUPP ?
		       "the loaded module does not know this request, it is older than vsw" :
		       strerror(errnum);
	len = strlen(text);
	while (len > 1 && (text[len - 1] == '.' || text[len - 1] == '\n'))
		len--;
	/* a flow that is refused as a whole is all that was asked for */
	if (f && f->type != FIELD_FLOW) {
		snprintf(where, sizeof(where), " (%sattribute '%s'",
			 ack->missing ? "missing " : "", f->name);
		if (ack->has_min && ack->has_max)
			snprintf(where + strlen(where), sizeof(where) - strlen(where), ", %llu to %llu%s%s",
				 (unsigned long long)ack->min, (unsigned long long)ack->max,
				 f->unit ? " " : "", f->unit ? f->unit : "");
		strcat(where, ")");
	}
	err_set(err, STATUS_REFUSED, "%.*s%s", len, text, where);
}

/* Where the attributes of a message with an error begin. */
static size_t extack_offset(const struct nlmsghdr *nlh)
{
	const struct nlmsgerr *e = mnl_nlmsg_get_payload(nlh);
	size_t offset = sizeof(int);

	if (nlh->nlmsg_type == NLMSG_ERROR) {
		offset = sizeof(*e);
		if (mnl_nlmsg_get_payload_len(nlh) >= offset && !(nlh->nlmsg_flags & NLM_F_CAPPED))
			offset += MNL_ALIGN(e->msg.nlmsg_len) - NLMSG_HDRLEN;
	}
	return offset;
}

uint32_t vsw_nl_refusal_offset(const struct nlmsghdr *nlh)
{
	struct extack ack = {};

	read_extack(nlh, extack_offset(nlh), &ack);
	return ack.offset;
}

int vsw_nl_refusal(const struct nlmsghdr *nlh, const struct nlmsghdr *request,
		   const struct kind *kind, struct err *err)
{
	struct extack ack = {};
	int code;

	if (mnl_nlmsg_get_payload_len(nlh) < sizeof(int)) {
		err_set(err, STATUS_SYSTEM, "the kernel's answer is too short");
		return EBADMSG;
	}
	code = *(const int *)mnl_nlmsg_get_payload(nlh);
	if (code >= 0)
		return 0;
	read_extack(nlh, extack_offset(nlh), &ack);
	describe(&ack, culprit(&ack, request, kind), -code, err);
	if (err)
		err->errnum = -code;
	return -code;
}
