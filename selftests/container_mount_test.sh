#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Directories, files and memory mounted in containers, and capabilities and limits of processes
# that are said: what comes of them, and what is refused.

# shellcheck disable=SC2317,SC2154,SC2016  # called by name; setup_ns; for the shell inside
# shellcheck source=container_lib.sh
. "$(dirname "$0")/container_lib.sh"

ALL_TESTS="
	directories
	files
	sources
	nested
	places
	links
	devices_stay_closed
	propagation
	memory
	read_only
	user_namespace
	kept
	capabilities
	limits
	env_file
	refusals
"

container_setup
mkdir "$TMP/data"
mount -t tmpfs -o size=64M mount_test "$TMP/data" || skip_all "no tmpfs"
defer umount -l "$TMP/data"
SHARED=$TMP/shared
mkdir "$SHARED"
mounts_before=$(count_mounts)

directories()
{
	echo outside >"$SHARED/file"
	prints "outside" run_in v -v "$SHARED:/data" -- sh -c 'cat /data/file; echo inside >/data/new'
	expect_eq "$(cat "$SHARED/new")" inside "what it wrote"
	for option in "-v $SHARED:/data:ro" "--mount type=bind,src=$SHARED,dst=/data,readonly" \
		"--volume $SHARED/:/data/:ro,z" "--mount type=bind,source=$SHARED,target=/data,ro=1"; do
		# shellcheck disable=SC2086
		fails_with 1 "Read-only file system" run_in v $option -- touch /data/x
	done
	prints "" run_in v --mount "type=bind,src=$SHARED,dst=/data,ro=false" -- touch /data/x
	# what is there is covered
	prints file run_in v -v "$SHARED/file:/etc/x" -v "$SHARED:/bin/sub/dir" -- \
		sh -c 'cd /bin/sub/dir && ls file'
	nothing_left v "after directories"
	rm "$SHARED"/*
	log_test "directories of the host"
}

files()
{
	echo one >"$SHARED/file"
	prints one run_in f -v "$SHARED/file:/etc/deep/down/file" -- cat /etc/deep/down/file
	prints one run_in f -v "$SHARED/file:/bin/true:ro" -- cat /bin/true
	fails_with 125 "mount: '/bin' in the container is a directory" \
		run_in f -v "$SHARED/file:/bin" -- true
	fails_with 125 "mount: '/bin/true' in the container is not a directory" \
		run_in f -v "$SHARED:/bin/true" -- true
	fails_with 125 "mount: '/bin/true/x' in the container: Not a directory" \
		run_in f -v "$SHARED:/bin/true/x" -- true
	nothing_left f "after files"
	rm "$SHARED"/*
	log_test "files of the host"
}

sources()
{
	prints "" run_in s -v "$SHARED/made/here:/data" -- touch /data/x
	[ -f "$SHARED/made/here/x" ]
	check_err $? "the directory was not made"
	fails_with 125 "mount: '$SHARED/none': No such file" \
		run_in s --mount "type=bind,src=$SHARED/none,dst=/data" -- true
	[ ! -e "$SHARED/none" ]
	check_err $? "--mount makes a directory"
	# a name like none
	mkdir "$SHARED/a b=c;d"
	prints x run_in s -v "$SHARED/a b=c;d:/a b" -- sh -c 'touch "/a b/x"; ls "/a b"'
	nothing_left s "after sources"
	rm -r "${SHARED:?}"/*
	log_test "what is not there is made, or refused"
}

nested()
{
	mkdir "$SHARED"/{a,b}
	echo b >"$SHARED/b/file"
	# whatever is said first
	prints "b sub" run_in n -v "$SHARED/b:/data/sub" -v "$SHARED/a:/data" -- \
		sh -c 'echo $(cat /data/sub/file) $(ls /data)'
	expect_eq "$(ls "$SHARED/a")" sub "the place that was made"
	# what is mounted below comes along, and is read-only, too
	mount -t tmpfs none "$SHARED/a/sub" && touch "$SHARED/a/sub/deep"
	prints deep run_in n -v "$SHARED/a:/data" -- ls /data/sub
	fails_with 1 "Read-only" run_in n -v "$SHARED/a:/data:ro" -- touch /data/sub/x
	umount "$SHARED/a/sub"
	nothing_left n "after nested ones"
	rm -r "${SHARED:?}"/*
	log_test "one in another"
}

places()
{
	local target

	for target in / /proc /proc/sys/kernel /sys /sys/fs/cgroup /dev /dev/pts /dev/mqueue \
		/./proc //proc// /proc/.; do
		fails_with 125 "mount: '.*' is vsw's own" run_in p -v "$SHARED:$target" -- true
	done
	for target in "" data ../etc /data/../../etc /..; do
		fails_with 125 "is not an absolute path without '..'" run_in p -v "$SHARED:$target" -- true
		fails_with 125 "is not an absolute path without '..'" run_in p -v "$target:/data" -- true
	done
	fails_with 125 "'/data' is given twice" run_in p -v "$SHARED:/data" --tmpfs //data/ -- true
	prints "shm in" run_in p -v "$SHARED:/dev/shm" -- sh -c 'touch /dev/shm/in; echo shm $(ls /dev/shm)'
	nothing_left p "after places"
	rm -r "${SHARED:?}"/*
	log_test "places that are vsw's own, and paths that are none"
}

# An image brings links; the way through them ends in the container.
links()
{
	local image=$TMP/links before

	mkdir -p "$image/etc" "$TMP/outside"
	before=$(ls "$TMP/outside")
	cp -a "$ROOTFS/bin" "$image/"
	ln -s "$TMP/outside" "$image/absolute"
	ln -s ../../../../../../../../../../.."$TMP/outside" "$image/relative"
	ln -s /run "$image/var"
	mkdir "$image/run"
	ln -s /proc/self/root "$image/magic"
	ln -s nowhere "$image/dangling"
	ln -s loop "$image/loop"
	echo in >"$SHARED/file"
	# what is not there in the container is not there
	for target in absolute relative dangling loop magic; do
		fails_with 125 "mount: '/$target/x' in the container" vsw -n "$sw" run --name "${ID}l" \
			--rootfs "$image" -v "$SHARED:/$target/x" -- true
	done
	expect_eq "$(ls "$TMP/outside")" "$before" "what is outside"
	mkdir -p "$image$TMP/outside"
	for target in absolute relative; do
		prints file vsw -n "$sw" run --name "${ID}l" --rootfs "$image" -v "$SHARED:/$target/x" \
			-- ls "$TMP/outside/x"
	done
	expect_eq "$(ls "$TMP/outside")" "$before" "what is outside"
	# as /var/run is one everywhere
	prints in vsw -n "$sw" run --name "${ID}l" --rootfs "$image" -v "$SHARED/file:/var/my.sock" \
		-- cat /run/my.sock
	nothing_left l "after links"
	rm -r "${SHARED:?}"/*
	log_test "links in the image lead nowhere else"
}

devices_stay_closed()
{
	mknod "$SHARED/null" c 1 3
	[ -c "$SHARED/null" ]
	check_err $? "no device to try"
	fails_with 1 "denied" run_in d -v "$SHARED:/data" -- sh -c 'echo x >/data/null'
	nothing_left d "after a device"
	rm "$SHARED"/*
	log_test "devices in what is mounted stay closed"
}

propagation()
{
	mkdir "$SHARED/later"
	mount --bind "$SHARED" "$SHARED" && mount --make-shared "$SHARED"
	run_bg prop -v "$SHARED:/data" -- sleep 1000
	mount -t tmpfs none "$SHARED/later" && touch "$SHARED/later/x"
	prints "" vsw exec "${ID}prop" ls /data/later
	umount "$SHARED/later"
	expect_eq "$(grep -c ' /data .*\(shared\|master\):' "/proc/$(init_of prop)/mountinfo")" 0 \
		"peers of the mount"
	kill -KILL "$(init_of prop)"
	run_end
	umount "$SHARED"
	nothing_left prop "after propagation"
	rm -r "${SHARED:?}"/*
	log_test "mounts that come later stay where they are"
}

memory()
{
	local mounts

	mounts=$(run_in m --tmpfs /a --tmpfs "/b:size=1M,mode=700,exec,ro" \
		--mount type=tmpfs,dst=/c,tmpfs-size=2M,tmpfs-mode=0711 -- \
		sh -c 'grep "^tmpfs /[abc] " /proc/mounts; stat -c "%n %a" /a /b /c')
	grep -qE '^tmpfs /a tmpfs rw,nosuid,nodev,noexec' <<<"$mounts" &&
		grep -qE '^tmpfs /b tmpfs ro,nosuid,nodev,relatime,size=1024k' <<<"$mounts" &&
		grep -qE '^tmpfs /c tmpfs rw,nosuid,nodev,noexec,relatime,size=2048k' <<<"$mounts"
	check_err $? "mounts: $mounts"
	expect_eq "$(grep '^/[abc] [0-9]*$' <<<"$mounts" | xargs)" "/a 1777 /b 700 /c 711" "modes"
	status_is 137 run_in m --memory 16M --tmpfs /a -- sh -c 'exec dd if=/dev/zero of=/a/x bs=1M'
	nothing_left m "after memory"
	log_test "memory, with its options, and within the limit"
}

read_only()
{
	prints "x y" run_in ro --read-only -v "$SHARED:/new/place" --tmpfs /run -- \
		sh -c 'touch /new/place/x /run/y; echo $(ls /new/place /run | grep "^.$")'
	fails_with 1 "Read-only" run_in ro --read-only -v "$SHARED:/new/place" -- touch /new/x
	nothing_left ro "after --read-only"
	rm "$SHARED"/*
	log_test "with --read-only only what is mounted can be written"
}

user_namespace()
{
	chmod 777 "$SHARED"
	prints "0:0 1777" run_in u --userns --tmpfs /a -v "$SHARED:/data" -- \
		sh -c 'touch /data/x /a/x; echo $(stat -c %u:%g /a/x) $(stat -c %a /a)'
	[ "$(stat -c %u "$SHARED/x")" -ge 65536 ]
	check_err $? "it writes as root of the host"
	chmod 755 "$SHARED"
	fails_with 1 "denied" run_in u --userns -v "$SHARED:/data" -- touch /data/y
	nothing_left u "after a user namespace"
	rm "$SHARED"/*
	log_test "with a user namespace"
}

kept()
{
	export VSW_DATA_DIR=$TMP/data
	echo 1 >"$SHARED/n"
	vsw -n "$sw" run -d --name "${ID}k" --rootfs "$ROOTFS" -v "$SHARED:/data" --ulimit nofile=99 \
		-- sh -c 'echo $(($(cat /data/n) + 1)) >/data/n; ulimit -n' >/dev/null
	check_err $? "run -d"
	vsw wait "${ID}k" >/dev/null
	vsw -n "$sw" start "${ID}k" >/dev/null
	check_err $? "start"
	vsw wait "${ID}k" >/dev/null
	expect_eq "$(cat "$SHARED/n")" 3 "runs that found it"
	expect_eq "$(vsw logs "${ID}k" | xargs)" "99 99" "its limit"
	vsw rm "${ID}k" >/dev/null
	check_err $? "rm"
	[ -f "$SHARED/n" ]
	check_err $? "rm has removed what is the host's"
	nothing_left k "after one that is kept"
	rm "$SHARED"/*
	unset VSW_DATA_DIR
	log_test "containers that are kept have them each time"
}

# bounding OPTION...: the capabilities of root in the container
bounding()
{
	run_in c "$@" -- grep CapBnd /proc/self/status | cut -f 2
}

capabilities()
{
	local usual=00000000a80425fb

	expect_eq "$(bounding)" "$usual" "without a word"
	expect_eq "$(bounding --cap-drop MKNOD --cap-drop cap_net_raw)" 00000000a00405fb "two fewer"
	expect_eq "$(bounding --cap-drop ALL)" 0000000000000000 "none"
	expect_eq "$(bounding --cap-drop all --cap-add CAP_CHOWN)" 0000000000000001 "one"
	expect_eq "$(bounding --cap-add net_admin)" 00000000a80435fb "one more"
	expect_eq "$(bounding --cap-add ALL --cap-drop CHOWN)" \
		"$(printf %016x $((0x$(awk '/^CapBnd/ { print $2 }' /proc/self/status) & ~1)))" "all but one"
	prints "" run_in c --cap-add NET_ADMIN -- ip link set lo mtu 1000
	fails_with 1 "Operation not permitted" run_in c --cap-drop CHOWN -- chown 1 /tmp
	expect_eq "$(run_in c --cap-add ALL -u 5 -- grep CapEff /proc/self/status | cut -f 2)" \
		0000000000000000 "of a user"
	fails_with 125 "cap-add: there is no capability 'FLY'" run_in c --cap-add FLY -- true
	fails_with 125 "cap-drop: there is no capability ''" run_in c --cap-drop "" -- true
	# who joins has no more
	run_bg c --cap-drop ALL --cap-add KILL -- sleep 1000
	expect_eq "$(vsw exec "${ID}c" grep -E 'Cap(Bnd|Eff|Prm)' /proc/self/status | cut -f 2 | uniq)" \
		0000000000000020 "of exec"
	kill -KILL "$(init_of c)"
	run_end
	nothing_left c "after capabilities"
	log_test "capabilities more and fewer"
}

limits()
{
	local option

	prints "64 128 0 unlimited" run_in l --ulimit nofile=64:128 --ulimit core=0 \
		--ulimit memlock=unlimited -- sh -c 'echo $(ulimit -n) $(ulimit -Hn) $(ulimit -c) $(ulimit -l)'
	prints 70 run_in l --ulimit nofile=64 --ulimit nofile=70 -- sh -c 'ulimit -n'
	# above those of vsw, also where root is nobody
	prints 5000 run_in l --userns --ulimit nofile=5000 -- sh -c 'ulimit -n'
	prints 5000 sh -c "ulimit -n 4000 && exec $VSW -n $sw run --name ${ID}l --rootfs $ROOTFS \
		--userns --ulimit nofile=5000 -- sh -c 'ulimit -n'"
	for option in nofile nofile= nofile=x nofile=2:1 files=1 =1 nofile=1:2:3 nofile=unlimited:1; do
		fails_with 125 "ulimit" run_in l --ulimit "$option" -- true
	done
	for option in "" --userns; do
		# shellcheck disable=SC2086
		run_bg l $option --ulimit nofile=77:88 -- sleep 1000
		expect_eq "$(vsw exec "${ID}l" sh -c 'echo $(ulimit -n) $(ulimit -Hn)')" "77 88" "of exec"
		kill -KILL "$(init_of l)"
		run_end
	done
	nothing_left l "after limits"
	log_test "limits of a process"
}

env_file()
{
	printf '# none\n\nA=1\n  B=two words\nFROM\r\nNONE\n' >"$TMP/env"
	FROM=here prints "1 two words here " run_in e --env-file "$TMP/env" -- sh -c 'echo "$A $B $FROM $NONE"'
	prints 2 run_in e --env-file "$TMP/env" -e A=2 -- sh -c 'echo $A'
	fails_with 125 "env-file: '$TMP/nothing': No such file" run_in e --env-file "$TMP/nothing" -- true
	echo "=x" >"$TMP/env"
	fails_with 125 "env: '=x' has no name" run_in e --env-file "$TMP/env" -- true
	fails_with 125 "env-file: .*: Is a directory" run_in e --env-file "$TMP" -- true
	nothing_left e "after variables"
	log_test "variables from a file"
}

refusals()
{
	fails_with 125 "'/data' is not SOURCE:TARGET" run_in r -v /data -- true
	fails_with 125 "volume: there is no option 'rx'" run_in r -v "$SHARED:/data:rx" -- true
	fails_with 125 "volume: there is no option 'shared'" run_in r -v "$SHARED:/data:shared" -- true
	fails_with 125 "tmpfs: there is no option 'suid'" run_in r --tmpfs /a:suid -- true
	fails_with 125 "tmpfs: 'x'" run_in r --tmpfs /a:size=x -- true
	fails_with 125 "'8' is no mode" run_in r --tmpfs /a:mode=8 -- true
	fails_with 125 "'-1' is no mode" run_in r --tmpfs /a:mode=-1 -- true
	fails_with 125 "has no type" run_in r --mount "src=$SHARED,dst=/data" -- true
	fails_with 125 "type 'nfs' is neither" run_in r --mount "type=nfs,dst=/data" -- true
	fails_with 125 "has no source" run_in r --mount type=bind,dst=/data -- true
	fails_with 125 "has no target" run_in r --mount "type=bind,src=$SHARED" -- true
	fails_with 125 "has a source, and a tmpfs has none" run_in r --mount "type=tmpfs,src=$SHARED,dst=/a" -- true
	fails_with 125 "neither true nor false" run_in r --mount "type=tmpfs,dst=/a,ro=maybe" -- true
	fails_with 125 "there is no 'colour=red'" run_in r --mount "type=tmpfs,dst=/a,colour=red" -- true
	fails_with 125 "'target' lacks its path" run_in r --mount type=tmpfs,target -- true
	nothing_left r "after refusals"
	log_test "what can't be done"
}

run_tests
