# building: whether the environment in this folder is being created. A builder that has only just started has not
# written its pid yet.
building() {
	[ -d building ] || return 1
	kill -0 "$(cat building/pid 2>/dev/null)" 2>/dev/null && return 0
	[ ! -e building/pid ] && [ -n "$(find building -maxdepth 0 -mmin -1)" ]
}
