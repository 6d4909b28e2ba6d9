#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Containers of images: what the image says holds unless something else is said, its layers
# lie above each other, and it stays as long as a container of it runs.

# shellcheck disable=SC2317,SC2154  # called by name; setup_ns assigns
# shellcheck source=container_lib.sh
. "$(dirname "$0")/container_lib.sh"

ALL_TESTS="
	commands
	variables
	users
	workdirs
	layers
	discards
	user_namespace
	names
	web
	stays
	refusals
"

require_command python3
container_setup
mkdir "$TMP/store"
mount -t tmpfs -o size=512M image_test "$TMP/store" || skip_all "no tmpfs"
defer umount -l "$TMP/store"
mounts_before=$(count_mounts)
export VSW_DATA_DIR=$TMP/store/data
"$(dirname "$0")/image.py" "$TMP/store/box" "$(command -v busybox)" || skip_all "no images"
for tag in web command plain nothing env bad-env bad-command user group number unknown no-passwd \
	passwd-link workdir workdir-link white twice many; do
	vsw image import "oci:$TMP/store/box:$tag" >/dev/null || exit 1
done

# of NAME OPTION... IMAGE WORD...: a container of an image
of()
{
	local name=$1

	shift
	vsw -n "$sw" run --name "$ID$name" "$@"
}

commands()
{
	prints "said by the image" of c box:command
	prints "said by me" of c box:command by me
	prints "hello" of c box:plain
	prints "else" of c box:plain echo else
	prints "-- x" of c box:plain echo -- x
	fails_with 125 "no command, and none is said" of c box:nothing
	prints "x" of c box:nothing echo x
	fails_with 125 "its Cmd makes no sense" of c box:bad-command
	fails_with 127 "is not in the rootfs" of c box:plain nowhere
	log_test "entrypoint and command"
}

variables()
{
	local out

	out=$(of e -e A=mine -e C=c box:env | sort | paste -sd ' ')
	expect_eq "$out" "A=mine B=b=c C=c HOME=/root HOSTNAME=${ID}e PATH=/bin" "variables"
	fails_with 125 "its Env makes no sense" of e box:bad-env
	log_test "variables"
}

users()
{
	echo "host:x:7:7::/:/bin/sh" >/etc/passwd-of-host
	prints "uid=33(web) gid=44(web)" of u box:user
	prints "uid=33(web) gid=50(staff)" of u box:group
	prints "uid=33(web) gid=44(web)" of u box:number
	prints "uid=5 gid=6" of u -u 5:6 box:user
	fails_with 125 "no user 'nobody-here' in its /etc/passwd" of u box:unknown
	fails_with 125 "no user 'web' in its /etc/passwd" of u box:no-passwd
	fails_with 125 "no user 'host' in its /etc/passwd" of u box:passwd-link
	rm /etc/passwd-of-host
	log_test "users, by the image's own files"
}

workdirs()
{
	prints "/made/for/it" of w box:workdir
	prints "/tmp" of w -w /tmp box:workdir
	prints "/tmp/for/it" of w box:workdir-link
	[ ! -e /tmp/for ] && [ ! -e /made ]
	check_err $? "a directory was made outside"
	fails_with 125 "workdir" of w -w /nowhere/at/all --read-only box:plain
	log_test "working directories, which are made"
}

layers()
{
	prints "x" of l box:white
	prints "a page" of l box:twice
	prints 126 of l box:many
	prints 126 of l --read-only box:many
	log_test "layers, up to 127"
}

discards()
{
	local before

	before=$(find "$VSW_DATA_DIR" -printf '%P %y %m %U:%G %s %l %C@\n' | sort | sha256sum)
	prints "" of d box:plain sh -c 'echo x >/bin/new; busybox rm /bin/id; busybox chmod 0 /etc'
	prints "/bin/id" of d box:plain ls /bin/id
	fails_with 1 "Read-only file system" of d --read-only box:plain touch /bin/new
	expect_eq "$(find "$VSW_DATA_DIR" -printf '%P %y %m %U:%G %s %l %C@\n' | sort | sha256sum)" \
		"$before" "the store"
	log_test "what is written is in no layer"
}

user_namespace()
{
	prints "uid=0(root) gid=0(root)" of n --userns box:plain id
	prints "uid=33(web) gid=44(web)" of n --userns box:user
	log_test "with a user namespace"
}

names()
{
	local name

	"$VSW" -n "$sw" run box:plain sleep 1000 &
	bg_list+=("$!")
	wait_for compgen -G "$VSW_STATE_DIR/containers/box-*/state.json" >/dev/null
	name=$(cd "$VSW_STATE_DIR/containers" && echo box-*)
	[[ $name =~ ^box-[0-9a-f]{6}$ ]]
	check_err $? "the name is '$name'"
	end_bg
	log_test "a container that was given no name"
}

page()
{
	ip netns exec "$sw" busybox wget -qO - "http://$1"
}

# The example of every tutorial.
web()
{
	run_image_bg web --switch vs0 --ip 10.9.0.2/24 box:web
	wait_for page 10.9.0.2 >/dev/null
	expect_eq "$(page 10.9.0.2)" "a page" "the page"
	end_bg
	run_image_bg web --switch vs0 --ip 10.9.0.2/24 -p 8080:81 box:web -p 81
	wait_for page 10.9.0.1:8080 >/dev/null
	expect_eq "$(page 10.9.0.1:8080)" "a page" "the page at a published port"
	end_bg
	log_test "a web server in an image"
}

run_image_bg()
{
	local name=$1

	shift
	"$VSW" -n "$sw" run --name "$ID$name" "$@" >"$TMP/$name.out" 2>"$TMP/$name.err" &
	bg_list+=("$!")
	wait_for running "$name"
}

# The one that was started last is gone, and what it had.
end_bg()
{
	kill -KILL "${bg_list[-1]}"
	run_end
	vsw -n "$sw" switch show >/dev/null
}

stays()
{
	run_image_bg stays box:plain sleep 1000
	refused "a running container is of image" vsw image rm box:plain
	succeeds vsw image import -t more "oci:$TMP/store/box:plain"
	succeeds vsw image rm more
	end_bg
	succeeds vsw image rm box:plain
	nothing_left stays "after its image went"
	log_test "an image that runs stays, and goes after vsw was killed"
}

refusals()
{
	fails_with 125 "there is no image 'box:plain'" of r box:plain
	fails_with 125 "there is no image" of r nowhere/at/all true
	fails_with 125 "an image is missing, or --rootfs" of r
	fails_with 125 "an image is missing, or --rootfs" vsw run
	nothing_left r "after refusals"
	log_test "what can't be run"
}

run_tests
