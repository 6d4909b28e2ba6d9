#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# "vsw image": images of image.py, which has them as builders and as strangers make them, come
# into the store whole or not at all, and nothing is written elsewhere. The store is in memory:
# its files have attributes that the overlay below a guest's root can't have.

# shellcheck disable=SC2317  # called by name
ALL_TESTS="
	none
	oci
	layers
	shared
	archives
	platforms
	docker
	names
	inspect
	removed
	in_use
	damaged
	limits
	killed
	words
"

# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=cli_lib.sh
. "$(dirname "$0")/cli_lib.sh"

require_command python3 zstd jq
[ "$(id -u)" -eq 0 ] || skip_all "not root"
mount -t tmpfs -o size=512M image_test "$tmp" || skip_all "no tmpfs"
defer umount -l "$tmp"
export VSW_DATA_DIR=$tmp/data
store=$VSW_DATA_DIR/images
mkdir "$tmp/images"
"$(dirname "$0")/image.py" "$tmp/images" || skip_all "no images to import"
cd "$tmp/images" || exit 1

image()
{
	vsw image "$@"
}

# fresh_store: without any image
fresh_store()
{
	rm -rf "$VSW_DATA_DIR"
	mkdir "$VSW_DATA_DIR"
}

listed()
{
	vsw -j image ls | jq -r '.[].name' | sort | paste -sd ' '
}

# Directories of layers that are in the store.
layers_there()
{
	find "$store/layers" -mindepth 1 -maxdepth 1 | wc -l
}

# files NAME: of its topmost layer
files()
{
	local id

	id=$(vsw image inspect "$1" | jq -r '.[0].RootFS.Layers[-1]')
	echo "$store/layers/${id#sha256:}/files"
}

# nothing_left: of what was refused
nothing_left()
{
	expect_eq "$(find "$store/new" "$store/layers" "$store/configs" -mindepth 1 2>/dev/null)" "" \
		"what is left"
}

none()
{
	fresh_store
	expect_eq "$(image ls)" "" "images"
	expect_eq "$(vsw -j image ls)" "[]" "images in JSON"
	says 2 "there are no images" vsw image rm web
	says 2 "there are no images" vsw image inspect web
	expect_eq "$(ls "$VSW_DATA_DIR")" "" "what looking has made"
	log_test "without images"
}

oci()
{
	fresh_store
	shows "^web:1 [0-9a-f]{12}$" vsw image import -t web:1 oci:good:1
	shows "^good:2 [0-9a-f]{12}$" vsw image import oci:good:2
	shows "^zstd:latest " vsw image import --name zstd oci:good:wide
	expect_eq "$(listed)" "good:2 web:1 zstd:latest" "images"
	says 4 "several images, say one behind a ':': 1 2 wide many" vsw image import oci:good
	says 4 "no such image for this platform; there are: 1 2 wide many" \
		vsw image import oci:good:3
	shows "^good:2 +[0-9a-f]{12} +2026-11-01T12:00 +linux/amd64 +2 +0.0M$" vsw image ls
	expect_eq "$(vsw image ls -q | sort -u | wc -l)" 3 "IDs"
	log_test "an OCI image layout, with gzip and zstd"
}

# The owner, the mode and the kind of a file.
about()
{
	stat -c '%u:%g %04a %F' "$1"
}

layers()
{
	local top

	fresh_store
	succeeds image import -t a oci:good:1
	top=$(files a)
	expect_eq "$(about "$top/bin/tool")" "0:0 4755 regular file" "a setuid file"
	expect_eq "$(stat -c %i "$top/bin/same")" "$(stat -c %i "$top/bin/tool")" "a hard link"
	expect_eq "$(readlink "$top/bin/link")" /etc/passwd "a symbolic link"
	expect_eq "$(about "$top/data")" "1000:1001 2750 directory" "a directory"
	expect_eq "$(about "$top/data/mine")" "1000:1001 0600 regular file" "by numbers, not names"
	expect_eq "$(stat -c %Y "$top/data/mine")" 1700000000 "time"
	expect_eq "$(cat "$top/absolute" "$top/ä")" absolute$'\n'umlaut "odd names"
	expect_eq "$(python3 -c "import os; print(os.listxattr('$top/bin/cap'),
		os.listxattr('$top/overlay'))")" "['security.capability'] []" "attributes"
	[ ! -e "$top/dev/null" ]
	check_err $? "a device node of the image's"
	log_test "files of a layer"
	succeeds image import -t b oci:good:2
	top=$(files b)
	expect_eq "$(stat -c '%F %t:%T' "$top/data/gone")" "character special file 0:0" "a whiteout"
	expect_eq "$(python3 -c "import os; print(os.getxattr('$top/old', 'trusted.overlay.opaque'))")" \
		"b'y'" "an opaque directory"
	mkdir -p "$tmp/merged"
	mount -t overlay overlay -o "lowerdir=$top:$(files a)" "$tmp/merged"
	check_err $? "no overlay of the layers"
	expect_eq "$(cd "$tmp/merged" && find data old new -type f | sort | paste -sd ' ')" \
		"data/mine new old/new" "files of the image"
	umount "$tmp/merged"
	log_test "whiteouts are overlayfs's"
}

shared()
{
	fresh_store
	succeeds image import -t a oci:good:1
	succeeds image import -t b oci:good:2
	succeeds image import -t c oci:good:wide
	expect_eq "$(layers_there)" 2 "layers of three images"
	expect_eq "$(find "$store" -perm /077 -maxdepth 2 | sort | paste -sd ' ')" "" \
		"what others than root may see"
	log_test "a layer is stored once"
}

archives()
{
	fresh_store
	succeeds image import -t a oci-archive:good.tar:1
	gzip -c good.tar >good.tgz
	succeeds image import -t b oci-archive:good.tgz:2
	shows "^c:latest " vsw image import -t c - < <(cat docker.tar)
	shows "^docker:latest " vsw image import oci:good:many -t docker
	expect_eq "$(listed)" "a:latest b:latest c:latest docker:latest" "images"
	nothing_new
	log_test "archives, compressed or not, and standard input"
}

nothing_new()
{
	expect_eq "$(find "$store/new" 2>/dev/null)" "" "what an import left"
}

platforms()
{
	fresh_store
	succeeds image import --platform linux/s390x -t s oci:good:many
	succeeds image import --platform linux/arm64 -t a oci:good:many
	succeeds image import --platform linux/amd64 -t m oci:good:many
	expect_eq "$(vsw -j image ls | jq -r '.[] | .name + " " + .platform' | sort | paste -sd ,)" \
		"a:latest linux/arm64,m:latest linux/amd64,s:latest linux/s390x" "platforms"
	says 4 "no image for linux/riscv64" vsw image import --platform linux/riscv64 oci:good:many
	says 1 "no platform" vsw image import --platform linux oci:good:many
	log_test "an index of several platforms"
}

docker()
{
	fresh_store
	shows "^web:1.2 " vsw image import docker.tar
	shows "^web:latest " vsw image import docker-archive:docker.tar:web
	expect_eq "$(vsw image ls -q | uniq | wc -l)" 1 "an image with two names"
	says 4 "several images, .* like one:1 or example.org:5000/two:2" vsw image import two.tar
	shows "^one:1 " vsw image import docker-archive:two.tar:one:1
	shows "^example.org:5000/two:2 " \
		vsw image import docker-archive:two.tar:example.org:5000/two:2
	says 4 "has no image 'three'" vsw image import docker-archive:two.tar:three
	log_test "what docker save writes"
}

names()
{
	local id old

	fresh_store
	succeeds image import -t localhost/web:1 oci:good:1
	id=$(vsw image ls -q)
	succeeds image inspect web:1
	succeeds image inspect localhost/web:1
	succeeds image inspect "$id"
	succeeds image inspect "${id:0:4}"
	succeeds image inspect "sha256:$id"
	says 2 "there is no image 'web'" vsw image inspect web
	says 2 "there is no image 'cafebabe'" vsw image inspect cafebabe
	for name in "" -web web/ /web 'we b' 'web:' 'web:a/b' '../web' 'web:..' 'a:b:c' 'web$'; do
		says 1 "is no name of an image" vsw image import --name "$name" oci:good:1
	done
	old=$id
	succeeds image import -t localhost/web:1 oci:good:2
	expect_eq "$(vsw image inspect "$old" | jq -c '.[0].RepoTags')" "[]" \
		"names of one whose name went to another"
	shows "^- +$old" vsw image ls
	log_test "names, and digests for names"
}

inspect()
{
	fresh_store
	succeeds image import -t web oci:good:2
	succeeds image import -t two oci:good:2
	expect_eq "$(vsw image inspect web two | jq -c 'length, .[0].RepoTags, .[0].Os, .[1].Config.Entrypoint,
		.[0].Config.User, (.[0].RootFS.Layers | length)' | paste -sd ' ')" \
		'2 ["two:latest","web:latest"] "linux" ["/bin/tool"] "1000" 2' "what inspect says"
	log_test "inspect says what docker's says"
}

removed()
{
	fresh_store
	succeeds image import -t a oci:good:1
	succeeds image import -t b oci:good:2
	succeeds image import -t b2 oci:good:2
	says 2 "has 2 names: remove these, or it with --force" vsw image rm "$(image_id b)"
	succeeds image rm b
	expect_eq "$(listed) $(layers_there)" "a:latest b2:latest 2" "images, and layers"
	succeeds image rm b2
	expect_eq "$(listed) $(layers_there)" "a:latest 1" "images, and layers"
	says 2 "there is no image 'b2'" vsw image rm b2
	succeeds image import -t b oci:good:2
	succeeds image import -t b2 oci:good:2
	succeeds image rm -f "$(image_id b)"
	expect_eq "$(listed) $(layers_there)" "a:latest 1" "images, and layers"
	succeeds image rm "$(image_id a)"
	expect_eq "$(listed)" "" "images"
	nothing_left
	log_test "an image goes with its last name, a layer with its last image"
}

image_id()
{
	vsw image inspect "$1" | jq -r '.[0].Id | ltrimstr("sha256:")[:12]'
}

in_use()
{
	fresh_store
	succeeds image import -t a oci:good:1
	says 2 "a running container is of image" flock -s "$store"/configs/* \
		"$VSW" image rm a
	expect_eq "$(listed) $(layers_there)" "a:latest 1" "images, and layers"
	succeeds image rm a
	log_test "one that is in use stays"
}

damaged()
{
	local name text

	fresh_store
	image import -t kept oci:good:1 >/dev/null
	echo safe >/tmp/canary
	while read -r name text; do
		says 4 "$text" vsw image import --max-size 10M "bad/$name"
		expect_eq "$(listed) $(layers_there) $(find "$store/configs" -type f | wc -l)" \
			"kept:latest 1 1" "images, layers and configurations"
		nothing_new
		log_test "refused: $name"
	done <bad/said
	expect_eq "$(find / /tmp /etc /root "$tmp" -maxdepth 1 -name 'escaped-vsw*'
		find "$store" -name 'escaped-vsw*')" "" \
		"files that are elsewhere"
	expect_eq "$(cat /tmp/canary)" safe "a file of somebody else's"
	rm /tmp/canary
	log_test "nothing is written elsewhere"
}

limits()
{
	fresh_store
	says 4 "more than 1024 bytes" vsw image import --max-size 1K -t a oci:good:1
	nothing_left
	succeeds image import --max-size 1M -t a oci:good:1
	log_test "a layer is as large as may be"
}

# Whenever it is killed, what is there is whole, and the next one cleans up.
killed()
{
	local i pid

	fresh_store
	for ((i = 0; i < 20; i++)); do
		"$VSW" image import -t a oci:good:2 >/dev/null 2>&1 &
		pid=$!
		sleep "0.0$((RANDOM % 10))"
		kill -KILL "$pid" 2>/dev/null
		wait "$pid" 2>/dev/null
		succeeds image ls
		if [ -n "$(listed)" ]; then
			expect_eq "$(vsw image inspect a | jq '.[0].RootFS.Layers | length')" 2 "layers"
			succeeds image rm a
		fi
	done
	succeeds image import -t a oci:good:2
	expect_eq "$(layers_there)" 2 "layers"
	nothing_new
	succeeds image rm a
	nothing_left
	log_test "killed at any time"
}

words()
{
	says 1 "there is no command 'pul'" vsw image pul
	says 1 "one SOURCE is needed" vsw image import
	says 1 "one SOURCE is needed" vsw image import a b
	says 1 "there is no option '--nam'|lacks its value|no option" vsw image import --nope x good
	says 1 "option '-t' lacks its value" vsw image import -t
	says 1 "an IMAGE is needed" vsw image rm
	says 1 "an IMAGE is needed" vsw image inspect
	says 1 "one word too many" vsw image ls web
	says 4 "No such file" vsw image import nowhere.tar
	says 1 "max-size" vsw image import --max-size lots oci:good:1
	shows "^Usage: vsw image import" vsw image help
	shows "^Usage: vsw image import" vsw image --help
	log_test "words that make no sense"
}

run_tests
