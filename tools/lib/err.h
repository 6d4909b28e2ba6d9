/* SPDX-License-Identifier: GPL-2.0 */
/*
 * An error on its way to the top: the exit status that the program ends with,
 * and one sentence for the user.  Library code sets it and returns -1; nobody
 * but the command's own main prints it.
 */
#ifndef VSW_LIB_ERR_H
#define VSW_LIB_ERR_H

#define ERR_MSG_SIZE	512

struct err {
	int status;			/* exit status; 0: no error is set */
	int errnum;			/* with which the kernel refused a request, or 0 */
	char msg[ERR_MSG_SIZE];		/* no newline, no program name */
};

#define ERR_INIT { .status = 0, .errnum = 0, .msg = "" }

/*
 * All setters return -1, so that a function can end with "return err_set(...)".
 * A later call replaces what an earlier one set.  errno is left as it was.
 * A NULL err is allowed and only returns -1.
 */
int err_set(struct err *err, int status, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* As err_set(), and the text of errnum behind the message: "MSG: No such file" */
int err_set_errno(struct err *err, int status, int errnum, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

/* Put "PREFIX: " before the message that is set.  Does nothing when none is. */
int err_prefix(struct err *err, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* Put TEXT behind the message that is set.  Does nothing when none is. */
int err_suffix(struct err *err, const char *text);

#endif
