// SPDX-License-Identifier: GPL-2.0
/* Whole messages between vsw and the child that becomes the container. */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include "cleanup.h"
#include "container.h"

struct message {
	int kind;
	int status;
	char text[ERR_MSG_SIZE];
};

int sync_pair(int fds[2], struct err *err)
{
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, fds) < 0)
		return err_set_errno(err, CONTAINER_FAILED, errno, "sync: socketpair");
	return 0;
}

static int send_message(int sock, const struct message *message, int fd)
{
	struct iovec iov = { .iov_base = (void *)message, .iov_len = sizeof(*message) };
	union {
		char buf[CMSG_SPACE(sizeof(int))];
		struct cmsghdr align;
	} control = { 0 };
	struct msghdr header = { .msg_iov = &iov, .msg_iovlen = 1 };
	struct cmsghdr *cmsg;
	ssize_t n;

	if (fd >= 0) {
		header.msg_control = control.buf;
		header.msg_controllen = sizeof(control.buf);
		cmsg = CMSG_FIRSTHDR(&header);
		cmsg->cmsg_level = SOL_SOCKET;
		cmsg->cmsg_type = SCM_RIGHTS;
		cmsg->cmsg_len = CMSG_LEN(sizeof(int));
		memcpy(CMSG_DATA(cmsg), &fd, sizeof(int));
	}
	do {
		n = sendmsg(sock, &header, MSG_NOSIGNAL);
	} while (n < 0 && errno == EINTR);
	return n < 0 ? -1 : 0;
}

int sync_send(int sock, enum sync_kind kind, int fd)
{
	struct message message = { .kind = kind };

	return send_message(sock, &message, fd);
}

int sync_send_error(int sock, const struct err *error)
{
	struct message message = { .kind = SYNC_ERROR, .status = error->status };

	memcpy(message.text, error->msg, sizeof(message.text));
	return send_message(sock, &message, -1);
}

/* The one descriptor of a message, or -1; what is not asked for is closed. */
static void take_rights(struct msghdr *header, int *fd)
{
	struct cmsghdr *cmsg = CMSG_FIRSTHDR(header);
	int got = -1;

	if (cmsg && cmsg->cmsg_level == SOL_SOCKET && cmsg->cmsg_type == SCM_RIGHTS &&
	    cmsg->cmsg_len == CMSG_LEN(sizeof(int)))
		memcpy(&got, CMSG_DATA(cmsg), sizeof(int));
	if (fd)
		*fd = got;
	else
		close_fd(&got);
}

int sync_receive(int sock, int *fd, struct err *error)
{
	struct message message;
	struct iovec iov = { .iov_base = &message, .iov_len = sizeof(message) };
	union {
		char buf[CMSG_SPACE(sizeof(int))];
		struct cmsghdr align;
	} control = { 0 };
	struct msghdr header = {
		.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = control.buf,
		.msg_controllen = sizeof(control.buf),
	};
	ssize_t n;

	do {
		n = recvmsg(sock, &header, MSG_CMSG_CLOEXEC);
	} while (n < 0 && errno == EINTR);
	if (n == 0 || (n < 0 && errno == ECONNRESET))
		return 0;
	if (n < 0)
		return -1;
	take_rights(&header, fd);
	if (n != sizeof(message)) {
		errno = EBADMSG;
		return -1;
	}
	if (message.kind == SYNC_ERROR && error) {
		message.text[sizeof(message.text) - 1] = '\0';
		err_set(error, message.status, "%s", message.text);
	}
	return message.kind;
}
