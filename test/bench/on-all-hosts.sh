# sh on-all-hosts.sh SCRIPT ROOT HOSTS USER KEY KNOWN_HOSTS: the script on all hosts at once, one ssh for each.
# HOSTS is a file of lines "name address port".
script=$1 root=$2 hosts=$3 user=$4 key=$5 known_hosts=$6
while read -r name address port; do
  ssh -F none -o BatchMode=yes -o IdentitiesOnly=yes -o "UserKnownHostsFile=$known_hosts" -o LogLevel=ERROR \
    -i "$key" -p "$port" "$user@$address" "sh -s -- '$root' '$name'" <"$script" &
done <"$hosts"
wait
