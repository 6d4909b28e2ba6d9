// SPDX-License-Identifier: GPL-2.0
/* The text of meters <-> structs. */
#include <string.h>

#include "flow.h"
#include "status.h"

struct band {
	bool given, remarks;		/* else it drops */
};

static int read_type(const struct flow_piece *piece, struct band *band, struct err *err)
{
	/* "band=type=drop": the first piece of the band begins with its type */
	char *type = piece->value;

	if (!strcmp(piece->key, "band") || !strcmp(piece->key, "bands")) {
		if (strncmp(type, "type=", 5))
			return err_set(err, STATUS_USAGE, "a band begins with 'band=type='");
		type += 5;
	}
	if (band->given)
		return err_set(err, STATUS_USAGE, "a meter of vswitch has one band");
	band->given = true;
	band->remarks = !strcmp(type, "dscp_remark");
	if (!band->remarks && strcmp(type, "drop"))
		return err_set(err, STATUS_USAGE, "type: '%s' is neither 'drop' nor 'dscp_remark'",
			       type);
	return 1;
}

/* Words of one kind of unit, and what means nothing here: counts are always kept. */
static int take_word(const struct flow_piece *piece, struct vsw_meter *meter, struct err *err)
{
	if (!strcmp(piece->key, "pktps") || !strcmp(piece->key, "kbps")) {
		if (meter->has & HAS(VSWITCH_A_METER_UNIT))
			return err_set(err, STATUS_USAGE, "'%s': the unit was given before",
				       piece->key);
		meter->unit = *piece->key == 'p' ? VSWITCH_METER_UNIT_PPS :
						   VSWITCH_METER_UNIT_KBPS;
		meter->has |= HAS(VSWITCH_A_METER_UNIT);
		return 0;
	}
	if (!strcmp(piece->key, "per_flow")) {
		meter->per_flow = true;
		meter->has |= HAS(VSWITCH_A_METER_PER_FLOW);
		return 0;
	}
	if (!strcmp(piece->key, "burst") || !strcmp(piece->key, "stats"))
		return 0;
	return err_set(err, STATUS_USAGE,
		       "'%s' is none of pktps, kbps, burst, stats, per_flow", piece->key);
}

static int take_number(const struct flow_piece *piece, struct vsw_meter *meter, struct err *err)
{
	static const struct {
		const char *name;
		uint16_t attr;
		uint32_t max;
	} numbers[] = {
		{ "meter", VSWITCH_A_METER_ID, VSWITCH_FLOW_METER_MAX },
		{ "rate", VSWITCH_A_METER_RATE, UINT32_MAX },
		{ "burst_size", VSWITCH_A_METER_BURST, UINT32_MAX },
		{ "dscp", VSWITCH_A_METER_DSCP, 63 },
	};
	uint64_t number;
	size_t i;

	for (i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		if (!strcmp(piece->key, numbers[i].name))
			break;
	if (!strcmp(piece->key, "prec_level"))
		return err_set(err, STATUS_USAGE,
			       "vswitch does not raise a precedence by 'prec_level', it sets a DSCP: 'dscp=N'");
	if (i == sizeof(numbers) / sizeof(numbers[0]))
		return err_set(err, STATUS_USAGE,
			       "'%s' is none of meter, band, rate, burst_size, dscp", piece->key);
	if (meter->has & HAS(numbers[i].attr))
		return err_set(err, STATUS_USAGE, "'%s' was given before", piece->key);
	if (flow_parse_number(piece->key, piece->value, numbers[i].max, &number, err) < 0)
		return -1;
	meter->has |= HAS(numbers[i].attr);
	switch (numbers[i].attr) {
	case VSWITCH_A_METER_ID:
		meter->id = number;
		break;
	case VSWITCH_A_METER_RATE:
		meter->rate = number;
		break;
	case VSWITCH_A_METER_BURST:
		meter->burst = number;
		break;
	case VSWITCH_A_METER_DSCP:
		meter->dscp = number;
		break;
	}
	return 0;
}

static int take_piece(const struct flow_piece *piece, struct vsw_meter *meter, struct band *band,
		      struct err *err)
{
	if (!piece->form)
		return take_word(piece, meter, err);
	if (piece->form != '=' && piece->form != ':')
		return err_set(err, STATUS_USAGE, "'%s' lacks '=' and its value", piece->key);
	if (!strcmp(piece->key, "band") || !strcmp(piece->key, "bands") ||
	    !strcmp(piece->key, "type"))
		return read_type(piece, band, err);
	return take_number(piece, meter, err);
}

int flow_parse_meter(char *text, struct vsw_meter *meter, struct err *err)
{
	struct band band = {};
	struct flow_piece piece;
	int ret;

	while ((ret = flow_piece_next(&text, &piece, err)) > 0)
		if (take_piece(&piece, meter, &band, err) < 0)
			return -1;
	if (ret < 0)
		return -1;
	if (band.remarks && !(meter->has & HAS(VSWITCH_A_METER_DSCP)))
		return err_set(err, STATUS_USAGE, "'dscp=' is missing, what packets are remarked with");
	if (!band.remarks && meter->has & HAS(VSWITCH_A_METER_DSCP))
		return err_set(err, STATUS_USAGE, "'dscp=' is of 'band=type=dscp_remark'");
	return 0;
}

void flow_print_meter(FILE *out, const struct vsw_meter *meter)
{
	bool remarks = meter->has & HAS(VSWITCH_A_METER_DSCP);

	fprintf(out, "meter=%u,%s", meter->id,
		meter->unit == VSWITCH_METER_UNIT_PPS ? "pktps" : "kbps");
	if (meter->has & HAS(VSWITCH_A_METER_BURST))
		fputs(",burst", out);
	if (meter->per_flow)
		fputs(",per_flow", out);
	fprintf(out, ",band=type=%s,rate=%u", remarks ? "dscp_remark" : "drop", meter->rate);
	if (meter->has & HAS(VSWITCH_A_METER_BURST))
		fprintf(out, ",burst_size=%u", meter->burst);
	if (remarks)
		fprintf(out, ",dscp=%u", meter->dscp);
}
