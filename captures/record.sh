#!/bin/bash
# Record the captures of this folder anew: real programs between network namespaces, tcpdump in between.
#
#   captures/record.sh                 all scenes, about a minute and a half
#   captures/record.sh ping office     only these (the names: captures/record.sh --list)
#   OUT=/tmp/new captures/record.sh    into another folder
#
# Linux and root.  It touches nothing but namespaces of its own, ends what it started by process id, and gives up
# after 300 s.  Addresses are private or for documentation, and never leave the namespaces.
set -u -o pipefail
[ -n "${RECORD_BOUND:-}" ] || exec env RECORD_BOUND=1 timeout -k 10 300 "$0" "$@"

HERE=$(cd "$(dirname "$0")" && pwd)
OUT=${OUT:-$HERE}
ALL=(ping traceroute http dns bulk fragments pmtu marks scan cooked srv6
     vlan qinq gre vxlan sixinfour ipip ip6tnl mpls tunnelfragments conflict blackhole neighbours multicast office)
TOOLS=(ip:iproute2 tcpdump:tcpdump ping:iputils-ping traceroute:traceroute python3:python3 curl:curl
       dnsmasq:dnsmasq-base dig:bind9-dnsutils ethtool:ethtool)

[ "${1:-}" = --list ] && { printf '%s\n' "${ALL[@]}"; exit 0; }
missing=()
for tool in "${TOOLS[@]}"; do
  command -v "${tool%%:*}" >/dev/null || missing+=("${tool##*:}")
done
if [ ${#missing[@]} -gt 0 ]; then
  echo "record.sh: tools are missing; on Debian: apt-get install -y --no-install-recommends ${missing[*]}" >&2
  exit 1
fi
[ "$(id -u)" = 0 ] || { echo "record.sh: namespaces need root" >&2; exit 1; }

PYTHON=$(python3 -c 'import sys; print(sys.executable)')   # the program itself, not a wrapper: its pid is ours
TRAFFIC=("$PYTHON" "$HERE/traffic.py")
TAG=ipk$$                                                   # begins the name of every namespace of this run
WORK=$(mktemp -d)
NAMES=() PIDS=() RECORDERS=()

# ---- starting and ending ----

end() {  # end PID...: by TERM, then for good
  local pid
  for pid in "$@"; do kill -TERM "$pid" 2>/dev/null; done
  for pid in "$@"; do
    for _ in $(seq 30); do kill -0 "$pid" 2>/dev/null || break; sleep 0.1; done
    kill -KILL "$pid" 2>/dev/null
    wait "$pid" 2>/dev/null
  done
}

clear_stage() {  # end every program of the scene, then remove its namespaces
  end ${RECORDERS[@]+"${RECORDERS[@]}"} ${PIDS[@]+"${PIDS[@]}"}
  RECORDERS=() PIDS=()
  local name
  for name in ${NAMES[@]+"${NAMES[@]}"}; do ip netns del "$TAG-$name" 2>/dev/null; done
  NAMES=()
}
trap 'clear_stage; rm -rf "$WORK"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

in_ns() { local name=$1; shift; ip netns exec "$TAG-$name" "$@"; }
start() {  # start NAMESPACE COMMAND...: in the background, ended with the scene
  local name=$1; shift
  ip netns exec "$TAG-$name" "$@" >>"$WORK/log" 2>&1 </dev/null &
  PIDS+=($!)
}

record() {  # record FILE NAMESPACE INTERFACE [TCPDUMP WORDS...]: returns when it is listening
  local file=$1 name=$2 iface=$3; shift 3
  : >"$WORK/said"
  ip netns exec "$TAG-$name" tcpdump -Z root -U --immediate-mode -n -w "$WORK/$file" -i "$iface" "$@" \
    2>"$WORK/said" </dev/null &
  RECORDERS+=($!)
  for _ in $(seq 50); do grep -q listening "$WORK/said" && return; sleep 0.1; done
  echo "record.sh: tcpdump does not listen on $iface: $(cat "$WORK/said")" >&2
  return 1
}

keep() {  # keep FILE...: the recorders have seen all; move what they wrote beside this script
  sleep 0.4
  end ${RECORDERS[@]+"${RECORDERS[@]}"}; RECORDERS=()
  local file
  for file in "$@"; do
    mv "$WORK/$file" "$OUT/$file"
    printf '%-22s %6d octets, %s packets\n' "$file" "$(stat -c %s "$OUT/$file")" \
      "$(tcpdump --count -nr "$OUT/$file" 2>/dev/null | grep -oE '^[0-9]+')"
  done
}

# ---- building a stage ----

host() {  # host NAME...: namespaces with loopback up, quiet by themselves
  local name
  for name in "$@"; do
    ip netns add "$TAG-$name" || exit 1
    NAMES+=("$name")
    ip -n "$TAG-$name" link set lo up
    in_ns "$name" sysctl -qw net.ipv4.icmp_ratelimit=0 net.ipv4.icmp_msgs_per_sec=100000 \
      net.ipv6.icmp.ratelimit=0 net.ipv6.conf.default.accept_dad=0 net.ipv6.conf.all.accept_dad=0 \
      net.ipv6.conf.default.router_solicitations=0
  done
}

SERIAL=0
wire() {  # wire NAME IFACE NAME IFACE [MTU]: a veth pair, no offloads, so that frames are as on a real wire
  local n i
  SERIAL=$((SERIAL + 1))
  ip -n "$TAG-$1" link add "$2" address "$(printf '02:00:00:00:%02x:01' $SERIAL)" mtu "${5:-1500}" type veth \
    peer name "$4" address "$(printf '02:00:00:00:%02x:02' $SERIAL)" mtu "${5:-1500}" netns "$TAG-$3" || exit 1
  for n in "$1:$2" "$3:$4"; do
    i=${n##*:} n=${n%%:*}
    in_ns "$n" ethtool -K "$i" tx off rx off tso off gso off gro off sg off >/dev/null 2>&1
    ip -n "$TAG-$n" link set "$i" up
  done
}

address() {  # address NAME IFACE ADDRESS...
  local name=$1 iface=$2 a; shift 2
  for a in "$@"; do ip -n "$TAG-$name" address add "$a" dev "$iface" $([[ $a = *:* ]] && echo nodad); done
}

route() { local name=$1; shift; ip -n "$TAG-$name" route replace "$@"; }
routes() {  # routes NAME: it forwards both families
  in_ns "$1" sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
}

# client — r1 — r2 — r3 — server; the argument is the MTU between r2 and r3.
path() {
  host client r1 r2 r3 server
  wire client eth0 r1 left; wire r1 right r2 left; wire r2 right r3 left "${1:-1500}"; wire r3 right server eth0
  address client eth0 10.1.0.2/24 2001:db8:1::2/64;     address r1 left 10.1.0.1/24 2001:db8:1::1/64
  address r1 right 10.0.12.1/24 2001:db8:12::1/64;      address r2 left 10.0.12.2/24 2001:db8:12::2/64
  address r2 right 10.0.23.2/24 2001:db8:23::2/64;      address r3 left 10.0.23.3/24 2001:db8:23::3/64
  address r3 right 192.0.2.1/24 2001:db8:2::1/64;       address server eth0 192.0.2.80/24 2001:db8:2::80/64
  local r; for r in r1 r2 r3; do routes $r; done
  route client default via 10.1.0.1;   route client default via 2001:db8:1::1
  route r1 default via 10.0.12.2;      route r1 default via 2001:db8:12::2
  route r2 default via 10.0.23.3;      route r2 default via 2001:db8:23::3
  route r2 10.1.0.0/24 via 10.0.12.1;  route r2 2001:db8:1::/64 via 2001:db8:12::1
  route r3 default via 10.0.23.2;      route r3 default via 2001:db8:23::2
  route server default via 192.0.2.1;  route server default via 2001:db8:2::1
  sleep 0.3
}

pair() {  # pair [MTU]: a — b, one wire with room for tags and tunnels
  host a b
  wire a eth0 b eth0 "${1:-1600}"
  address a eth0 192.0.2.1/24 2001:db8::1/64; address b eth0 192.0.2.2/24 2001:db8::2/64
  sleep 0.2
}

inside() {  # inside DEV [NET]: the two ends of a tunnel or tagged link get 10.9.0.0/24 and 2001:db8:9::/64, or another than 9
  local n i=0 net=${2:-9}
  for n in a b; do
    i=$((i + 1))
    for _ in $(seq 50); do ip -n "$TAG-$n" link show "$1" >/dev/null 2>&1 && break; sleep 0.1; done
    [ "$1" = tag0 ] && ip -n "$TAG-$n" link set "$1" address 02:00:00:00:88:0$i
    ip -n "$TAG-$n" link set "$1" mtu 1400 up
    address $n "$1" 10.$net.0.$i/24 2001:db8:$net::$i/64
  done
  sleep 0.3
}

site() {  # site NAME: web pages in a folder, served over both families on port 80
  local dir=$WORK/site n
  mkdir -p "$dir"
  printf '<!doctype html>\n<title>example</title>\n<p>A page of the namespace web server.</p>\n' >"$dir/index.html"
  for n in $(seq 200); do echo "line $n of a text that fills a few segments"; done >"$dir/text.txt"
  head -c 250000 /dev/zero | tr '\0' 'x' >"$dir/bulk.bin"
  start "$1" "$PYTHON" -m http.server --directory "$dir" --bind :: 80
  for _ in $(seq 50); do in_ns "$1" curl -s -o /dev/null http://127.0.0.1/ && return; sleep 0.1; done
  echo "record.sh: the web server does not answer" >&2
}

get() { local name=$1; shift; in_ns "$name" curl -s --max-time 10 -o /dev/null "$@"; }
echo_to() { local name=$1; shift; in_ns "$name" ping -n -q -i 0.2 -W 1 "$@" >/dev/null; }

# ---- the scenes ----

scene_ping() {
  path
  record ping.pcap client eth0
  echo_to client -c 5 192.0.2.80
  echo_to client -c 5 2001:db8:2::80
  echo_to client -c 2 -t 2 192.0.2.80          # dies at r2
  echo_to client -c 1 192.0.2.99               # nobody: r3 answers host unreachable
  sleep 3
  keep ping.pcap
}

scene_traceroute() {
  path
  record traceroute.pcap client eth0
  in_ns client traceroute -n -w 1 -N 3 192.0.2.80 >/dev/null
  in_ns client traceroute -n -w 1 -N 3 -I 192.0.2.80 >/dev/null
  in_ns client traceroute -n -w 1 -N 3 2001:db8:2::80 >/dev/null
  in_ns client traceroute -n -w 1 -N 3 -T -p 80 2001:db8:2::80 >/dev/null
  keep traceroute.pcap
}

scene_http() {
  path; site server
  record http.pcap client eth0
  get client http://192.0.2.80/
  get client http://192.0.2.80/missing
  get client "http://[2001:db8:2::80]/text.txt"
  get client --max-time 2 http://192.0.2.80:8080/     # refused
  keep http.pcap
}

names() {  # names NAMESPACE ADDRESS...: a resolver for example.com on these addresses
  local name=$1 a words=(); shift
  for a in "$@"; do words+=(--listen-address="$a"); done
  start "$name" dnsmasq --keep-in-foreground --conf-file=/dev/null --no-resolv --no-hosts --user=root --pid-file= \
    --bind-interfaces "${words[@]}" --local=/example.com/ --auth-ttl=300 --local-ttl=300 \
    --host-record=www.example.com,192.0.2.80,2001:db8:2::80 --host-record=mail.example.com,192.0.2.25 \
    --mx-host=example.com,mail.example.com,10 "--txt-record=example.com,v=spf1 -all" --cname=ftp.example.com,www.example.com
  sleep 0.5
}
ask() { local name=$1; shift; in_ns "$name" dig +time=1 +tries=1 "$@" >/dev/null 2>&1; }

scene_dns() {
  path; names server 192.0.2.80 2001:db8:2::80
  record dns.pcap client eth0
  ask client @192.0.2.80 www.example.com A
  ask client @192.0.2.80 www.example.com AAAA
  ask client @2001:db8:2::80 example.com MX
  ask client @2001:db8:2::80 example.com TXT
  ask client @192.0.2.80 ftp.example.com A
  ask client @192.0.2.80 nothing.example.com A
  ask client @192.0.2.80 +tcp www.example.com A
  ask client @192.0.2.80 -x 192.0.2.80
  ask client @192.0.2.1 www.example.com A            # no resolver there: port unreachable
  keep dns.pcap
}

scene_bulk() {
  path; site server
  record bulk.pcap client eth0 -s 96
  get client http://192.0.2.80/bulk.bin
  keep bulk.pcap
}

scene_fragments() {
  path
  record fragments.pcap client eth0
  echo_to client -c 3 -s 4000 192.0.2.80
  echo_to client -c 3 -s 4000 2001:db8:2::80
  echo_to client -c 1 -s 1472 192.0.2.80              # fits to the octet
  echo_to client -c 1 -s 1473 192.0.2.80              # a second fragment of one octet
  keep fragments.pcap
}

scene_pmtu() {
  path 1400; site server
  record pmtu.pcap client eth0
  echo_to client -c 2 -M 'do' -s 1472 192.0.2.80      # fragmentation needed
  echo_to client -c 2 -M 'do' -s 1452 2001:db8:2::80  # packet too big
  get client http://192.0.2.80/text.txt               # the server learns it the hard way, seen only as small segments
  echo_to client -c 1 -s 1452 2001:db8:2::80          # fragments of 1400 octets now
  keep pmtu.pcap
}

# What tells the client that its packets are too big is dropped by the router before it.
scene_blackhole() {
  path 1400; site server
  if ! ip -n "$TAG-r1" rule add from 10.0.12.2 blackhole 2>>"$WORK/log" ||
      ! ip -n "$TAG-r1" -6 rule add from 2001:db8:12::2 blackhole 2>>"$WORK/log"; then
    echo "blackhole: this kernel has no rules, skipped"; return
  fi
  record blackhole.pcap r1 right -s 160 tcp or icmp or icmp6
  head -c 3000 /dev/zero >"$WORK/upload"
  get client -H Expect: --data-binary "@$WORK/upload" http://192.0.2.80/
  get client -H Expect: --data-binary "@$WORK/upload" "http://[2001:db8:2::80]/"
  keep blackhole.pcap
}

scene_marks() {
  path
  in_ns client sysctl -qw net.ipv4.tcp_ecn=1; in_ns server sysctl -qw net.ipv4.tcp_ecn=1
  start server "${TRAFFIC[@]}" marked-serve 192.0.2.80 7000
  sleep 0.3
  record marks.pcap client eth0
  local tos
  for tos in 0x00 0xb8 0x28 0x48 0x68 0x88 0xc0 0x20 0x04 0x02 0x01 0x03; do  # EF, AF11–AF41, CS6, CS1, LE, ECT(0), ECT(1), CE
    echo_to client -c 1 -Q $tos 192.0.2.80
  done
  for tos in 0xb8 0x28 0xe0 0x03; do echo_to client -c 1 -Q $tos -F "0x1${tos#0x}" 2001:db8:2::80; done
  in_ns client "${TRAFFIC[@]}" marked-get 192.0.2.80 7000 18
  keep marks.pcap
}

scene_scan() {
  path; site server
  in_ns server sysctl -qw net.ipv4.tcp_syncookies=0
  record scan.pcap client eth0
  in_ns client "${TRAFFIC[@]}" scan 192.0.2.80 21 22 23 25 53 80 110 139 143 443 445 993 1433 3306 3389 5432 5900 6379 8080 8443
  in_ns client "${TRAFFIC[@]}" scan 2001:db8:2::80 22 80 443
  keep scan.pcap
}

scene_cooked() {
  path; site server
  record sll2.pcap r1 any
  record sll.pcap r1 any -y LINUX_SLL
  echo_to client -c 3 192.0.2.80
  echo_to client -c 2 2001:db8:2::80
  get client http://192.0.2.80/
  in_ns r1 ping -n -q -c 1 127.0.0.1 >/dev/null
  keep sll2.pcap sll.pcap
}

scene_srv6() {
  path
  local n
  for n in client r1 r2 r3 server; do
    in_ns $n sysctl -qw net.ipv6.conf.all.seg6_enabled=1
    in_ns $n sh -c 'for f in /proc/sys/net/ipv6/conf/*/seg6_enabled; do echo 1 >$f; done'
  done
  address r2 lo 2001:db8:a2::1/128; address r3 lo 2001:db8:a3::1/128
  route r1 2001:db8:a2::/48 via 2001:db8:12::2; route r1 2001:db8:a3::/48 via 2001:db8:12::2
  route r2 2001:db8:a3::/48 via 2001:db8:23::3
  if ! route client 2001:db8:2::80/128 encap seg6 mode inline segs 2001:db8:a2::1,2001:db8:a3::1 \
      via 2001:db8:1::1 dev eth0 2>>"$WORK/log"; then
    echo "srv6: this kernel has no segment routing, skipped"; return
  fi
  record srv6.pcap r1 right ip6
  echo_to client -c 3 2001:db8:2::80
  route client 2001:db8:2::80/128 encap seg6 mode encap segs 2001:db8:a2::1,2001:db8:a3::1 via 2001:db8:1::1 dev eth0
  route client 192.0.2.80/32 encap seg6 mode encap segs 2001:db8:a3::1 via inet6 2001:db8:1::1 dev eth0
  echo_to client -c 3 2001:db8:2::80
  echo_to client -c 2 192.0.2.80
  keep srv6.pcap
}

tagged() {  # tagged FILE IDS: pings and a page across a tagged link
  pair
  start a "${TRAFFIC[@]}" vlan "$2" eth0 tag0 -
  start b "${TRAFFIC[@]}" vlan "$2" eth0 tag0 -
  inside tag0; site b
  record "$1" a eth0
  echo_to a -c 3 10.9.0.2
  echo_to a -c 3 2001:db8:9::2
  get a http://10.9.0.2/
  echo_to a -c 2 192.0.2.2                            # untagged beside it
  keep "$1"
}
scene_vlan() { tagged vlan.pcap 42; }
scene_qinq() { tagged qinq.pcap 100,42; }

tunnel() {  # tunnel FILE KIND [WORDS before the addresses]: pings, a page and a fragmented ping through it
  local file=$1 kind=$2 near=192.0.2.1 far=192.0.2.2; shift 2
  [ "$kind" = ip6tnl ] && near=2001:db8::1 far=2001:db8::2
  pair
  start a "${TRAFFIC[@]}" "$kind" "$@" $near $far tun0
  start b "${TRAFFIC[@]}" "$kind" "$@" $far $near tun0
  inside tun0; site b
  record "$file" a eth0
  if [ "$kind" != sit ]; then echo_to a -c 3 10.9.0.2; get a http://10.9.0.2/; fi
  if [ "$kind" = sit ] || [ "$kind" = gre ]; then echo_to a -c 3 2001:db8:9::2; get a "http://[2001:db8:9::2]/"; fi
  if [ "$kind" = sit ]; then echo_to a -c 1 -s 2000 2001:db8:9::2; else echo_to a -c 1 -s 2000 10.9.0.2; fi
  keep "$file"
}
scene_gre() { tunnel gre.pcap gre 3221225985; }
scene_sixinfour() { tunnel 6in4.pcap sit; }
scene_ipip() { tunnel ipip.pcap ipip; }
scene_ip6tnl() { tunnel ip6tnl.pcap ip6tnl; }

scene_mpls() {
  pair
  start a "${TRAFFIC[@]}" mpls 1001,2002 eth0 tun0 "$(in_ns b cat /sys/class/net/eth0/address)"
  start b "${TRAFFIC[@]}" mpls 1001,2002 eth0 tun0 "$(in_ns a cat /sys/class/net/eth0/address)"
  inside tun0; site b
  record mpls.pcap a eth0
  echo_to a -c 3 10.9.0.2
  echo_to a -c 3 2001:db8:9::2
  get a http://10.9.0.2/
  keep mpls.pcap
}

scene_vxlan() {
  pair
  local n far
  for n in a:192.0.2.2 b:192.0.2.1; do
    far=${n##*:} n=${n%%:*}
    if ! ip -n "$TAG-$n" link add vx0 address 02:00:00:00:99:0$([ $n = a ] && echo 1 || echo 2) type vxlan \
        id 5000 remote "$far" dstport 4789 dev eth0 2>>"$WORK/log"; then
      echo "vxlan: this kernel has no VXLAN, skipped"; return
    fi
  done
  inside vx0; site b
  record vxlan.pcap a eth0
  echo_to a -c 3 10.9.0.2
  echo_to a -c 3 2001:db8:9::2
  get a http://10.9.0.2/
  keep vxlan.pcap
}

# Tunnels with more room than the wire: the wire's datagrams are in fragments, and some of those they carry, too.
scene_tunnelfragments() {
  pair 1400
  local n near far
  for n in a:192.0.2.1:192.0.2.2 b:192.0.2.2:192.0.2.1; do
    far=${n##*:} near=${n#*:} near=${near%:*} n=${n%%:*}
    start $n "${TRAFFIC[@]}" gre 3221225985 $near $far gre9
    start $n "${TRAFFIC[@]}" ipip $near $far ipip9
    start $n "${TRAFFIC[@]}" gtp 3735928559 $near $far gtp9
    if ! ip -n "$TAG-$n" link add vx0 address 02:00:00:00:99:0$([ $n = a ] && echo 1 || echo 2) type vxlan \
        id 5000 local $near remote "$far" dstport 4789 2>>"$WORK/log"; then   # no dev: it would bound the MTU
      echo "tunnelfragments: this kernel has no VXLAN, skipped"; return
    fi
  done
  inside vx0 9; inside gre9 11; inside ipip9 12; inside gtp9 13
  record tunnel-fragments.pcap a eth0 udp or icmp or proto 4 or proto 47 or 'ip[6:2] & 0x3fff != 0'
  for n in 9 11 12 13; do
    echo_to a -c 1 -s 1360 10.$n.0.2                  # fits the tunnel, not the wire
    echo_to a -c 1 -s 3000 10.$n.0.2                  # neither: fragments in fragments
  done
  for n in 9 11 13; do echo_to a -c 1 -s 2000 2001:db8:$n::2; done
  echo_to a -c 1 -s 3000 192.0.2.2                    # no tunnel beside them
  keep tunnel-fragments.pcap
}

# A switch with two hosts and a router that advertises its prefix and gives out addresses.
scene_neighbours() {
  host switch router h1 h2
  ip -n "$TAG-switch" link add br0 address 02:00:00:00:00:b0 type bridge
  ip -n "$TAG-switch" link set br0 up
  local n
  for n in router h1 h2; do
    wire $n eth0 switch $n
    ip -n "$TAG-switch" link set $n master br0
    ip -n "$TAG-$n" link set eth0 down
    in_ns $n sysctl -qw net.ipv6.conf.eth0.accept_dad=1 net.ipv6.conf.eth0.router_solicitations=2 \
      net.ipv6.conf.eth0.router_solicitation_delay=0 net.ipv6.conf.eth0.accept_ra=1
  done
  routes router
  record neighbours.pcap switch br0
  ip -n "$TAG-router" link set eth0 up
  address router eth0 10.7.0.1/24 2001:db8:7::1/64
  sleep 2
  start router dnsmasq --keep-in-foreground --conf-file=/dev/null --port=0 --user=root --pid-file= --leasefile-ro \
    --dhcp-leasefile="$WORK/leases" --bind-interfaces --interface=eth0 --enable-ra \
    --dhcp-range=2001:db8:7::,ra-only,64,600 --ra-param=eth0,mtu:1480,60,600
  sleep 0.5
  for n in h1 h2; do ip -n "$TAG-$n" link set eth0 up; done
  sleep 3
  address h1 eth0 10.7.0.11/24 2001:db8:7::11/64; address h2 eth0 10.7.0.12/24 2001:db8:7::12/64
  echo_to h1 -c 2 2001:db8:7::12                      # solicitation and advertisement first
  echo_to h2 -c 2 10.7.0.11                           # ARP first
  echo_to h1 -c 2 ff02::1%eth0                        # all nodes answer
  in_ns h2 ping -n -q -c 1 -W 1 2001:db8:7::dead >/dev/null
  keep neighbours.pcap
}

# Two hosts on a switch have one address, and a third asks for it.
scene_conflict() {
  host switch a b c
  ip -n "$TAG-switch" link add br0 type bridge
  ip -n "$TAG-switch" link set br0 up
  local n
  for n in a b c; do
    wire switch to-$n $n eth0
    ip -n "$TAG-switch" link set to-$n master br0
  done
  address a eth0 10.5.0.1/24 2001:db8:5::1/64
  address b eth0 10.5.0.9/24 2001:db8:5::9/64
  address c eth0 10.5.0.9/24 2001:db8:5::9/64
  record conflict.pcap switch br0
  echo_to a -c 2 10.5.0.9
  echo_to a -c 2 2001:db8:5::9
  keep conflict.pcap
}

scene_multicast() {
  host switch h1 h2
  ip -n "$TAG-switch" link add br0 address 02:00:00:00:00:b0 type bridge mcast_snooping 1 mcast_querier 1 mcast_startup_query_count 2 \
    mcast_startup_query_interval 200 mcast_igmp_version 3 mcast_mld_version 2
  local n i=0
  for n in h1 h2; do
    i=$((i + 1))
    wire $n eth0 switch $n
    ip -n "$TAG-switch" link set $n master br0
    address $n eth0 10.8.0.1$i/24 2001:db8:8::1$i/64
    route $n 224.0.0.0/4 dev eth0
  done
  address switch br0 10.8.0.1/24 2001:db8:8::1/64
  record multicast.pcap h2 eth0
  ip -n "$TAG-switch" link set br0 up                 # queries both families, router alert in each
  sleep 0.5
  start h2 "${TRAFFIC[@]}" listen 239.1.2.3 eth0 4
  start h2 "${TRAFFIC[@]}" listen ff15::1234 eth0 4
  sleep 1.5
  in_ns h1 "${TRAFFIC[@]}" say 239.1.2.3 eth0 5004 "to a site-local group" 4
  in_ns h1 "${TRAFFIC[@]}" say ff15::1234 eth0 5004 "to a transient group" 4
  in_ns h2 "${TRAFFIC[@]}" say 224.0.0.120 eth0 5004 "to the link only" 2
  sleep 3
  keep multicast.pcap
}

# An office: two networks behind a gateway, a provider, a branch behind a VXLAN; one guest misbehaves.
scene_office() {
  host switch gw alice bob printer guest inet branch
  ip -n "$TAG-switch" link add br0 address 02:00:00:00:00:b0 type bridge
  ip -n "$TAG-switch" link set br0 up
  local n i=10
  wire gw staff switch gw; ip -n "$TAG-switch" link set gw master br0
  for n in alice bob printer; do
    i=$((i + 1))
    wire $n eth0 switch $n; ip -n "$TAG-switch" link set $n master br0
    address $n eth0 10.20.0.$i/24 2001:db8:20::$i/64
    route $n default via 10.20.0.1; route $n default via 2001:db8:20::1
  done
  wire gw guest guest eth0; wire gw wan inet gw; wire inet branch branch eth0
  address gw staff 10.20.0.1/24 2001:db8:20::1/64; address gw guest 10.30.0.1/24 2001:db8:30::1/64
  address gw wan 203.0.113.2/30 2001:db8:fe::2/64; address inet gw 203.0.113.1/30 2001:db8:fe::1/64
  address guest eth0 10.30.0.66/24 2001:db8:30::66/64
  address inet lo 192.0.2.80/32 198.51.100.53/32 2001:db8:2::80/128 2001:db8:53::53/128
  address inet branch 203.0.113.5/30; address branch eth0 203.0.113.6/30
  routes gw; routes inet
  route gw default via 203.0.113.1; route gw default via 2001:db8:fe::1
  route guest default via 10.30.0.1; route guest default via 2001:db8:30::1
  route inet 10.0.0.0/8 via 203.0.113.2; route inet 2001:db8:20::/44 via 2001:db8:fe::2
  route inet unreachable 198.51.100.0/24
  route branch default via 203.0.113.5
  local tunnel=1
  ip -n "$TAG-gw" link add vx0 address 02:00:00:00:99:01 type vxlan id 20 local 203.0.113.2 remote 203.0.113.6 dstport 4789 2>>"$WORK/log" &&
    ip -n "$TAG-branch" link add vx0 address 02:00:00:00:99:02 type vxlan id 20 local 203.0.113.6 remote 203.0.113.2 dstport 4789 2>>"$WORK/log" || tunnel=0
  if [ $tunnel = 1 ]; then
    for n in gw branch; do ip -n "$TAG-$n" link set vx0 mtu 1450 up; done
    address gw vx0 10.40.0.1/24; address branch vx0 10.40.0.7/24
    route branch 10.20.0.0/24 via 10.40.0.1
  fi
  site inet; names inet 198.51.100.53 2001:db8:53::53
  sleep 0.5
  record staff.pcap gw staff --time-stamp-precision=nano
  record guest.pcap gw guest --time-stamp-precision=nano
  record wan.pcap gw wan --time-stamp-precision=nano udp port 4789
  (for _ in 1 2 3; do
     ask alice @198.51.100.53 www.example.com A; ask alice @198.51.100.53 www.example.com AAAA
     get alice http://192.0.2.80/; sleep 0.7
     get alice "http://[2001:db8:2::80]/"; sleep 0.8
   done; get alice http://192.0.2.80/text.txt) &
  local page=$!
  (ask bob @2001:db8:53::53 mail.example.com A; echo_to bob -c 8 -i 0.5 192.0.2.80) &
  local pings=$!
  (sleep 0.6; in_ns printer "${TRAFFIC[@]}" say 239.255.255.250 eth0 1900 "NOTIFY * HTTP/1.1" 3
   sleep 1; in_ns alice "${TRAFFIC[@]}" scan 10.20.0.13 9100; echo_to alice -c 4 -i 0.5 2001:db8:20::12) &
  local prints=$!
  sleep 1
  ask guest @198.51.100.53 www.example.com A
  [ $tunnel = 1 ] && echo_to branch -c 4 -i 0.5 10.20.0.12
  in_ns guest "${TRAFFIC[@]}" flood 10.30.0.66 192.0.2.80 80 70
  echo_to bob -c 1 -s 3000 192.0.2.80
  echo_to bob -c 2 198.51.100.99                      # the provider: host unreachable
  in_ns alice traceroute -n -w 1 -q 1 -N 1 192.0.2.80 >/dev/null
  ask alice @192.0.2.80 www.example.com A             # port unreachable
  echo_to bob -c 2 -Q 0xb8 10.20.0.1
  wait $page $pings $prints
  sleep 0.4
  end "${RECORDERS[@]}"; RECORDERS=()
  "${TRAFFIC[@]}" weave "$WORK/office.pcapng" \
    "An office in a few seconds: two networks behind one gateway, a branch in a VXLAN, and one guest who floods." \
    "staff=switch side of the gateway, 10.20.0.0/24=$WORK/staff.pcap" \
    "guest=guest network, 10.30.0.0/24=$WORK/guest.pcap" \
    "wan=provider side, only the tunnel to the branch=$WORK/wan.pcap" || return 1
  keep office.pcapng
}

[ $# -gt 0 ] || set -- "${ALL[@]}"
failed=0
for scene in "$@"; do
  declare -F "scene_$scene" >/dev/null || { echo "record.sh: no scene '$scene'; see --list" >&2; exit 2; }
  SERIAL=0
  "scene_$scene" || { echo "record.sh: scene $scene failed" >&2; failed=1; }
  clear_stage
done
exit $failed
