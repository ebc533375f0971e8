# alive: whether the process that claimed this job is still running. A pid alone does not prove that, because pids are
# reused and hosts reboot.
alive() {
	[ -e identity ] || return 1
	{
		read -r pid
		read -r start
		read -r boot
		read -r node
	} <identity
	[ "$node" = "$(uname -n)" ] || return 1
	[ "$boot" = "$(cat /proc/sys/kernel/random/boot_id 2>/dev/null)" ] || return 1
	# A process that has ended but has not been waited for is still listed, in state Z.
	[ "$(sed 's/.*) \([^Z]\) /\1 /' "/proc/$pid/stat" 2>/dev/null | cut -d' ' -f20)" = "$start" ]
}
