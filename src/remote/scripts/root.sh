# Begins every script: sets ROOT, our folder on the host, which only its owner can read. ROOT is an absolute path or one
# under ~/.
umask 077
# shellcheck disable=SC2088 # a literal tilde
case $ROOT in
'~/'*) ROOT=$HOME/${ROOT#'~/'} ;;
esac
