//! Floor 1: what header bits mean.
//!
//! A file a header: its rows of [`field::Field`], its [`header::Header`], and `step`, which says
//! how long the header is and what follows it.  Pure: octets in, numbers out; nothing here
//! allocates, reads a clock or panics on any input.

#![deny(clippy::indexing_slicing, clippy::arithmetic_side_effects)]

pub mod catalogue;
pub mod field;
pub mod header;
pub mod number;
pub mod option;
pub mod words;

pub mod ah;
pub mod ap1394;
pub mod arcnet;
pub mod arcnet_linux;
pub mod arp;
pub mod avsp;
pub mod ayiya;
pub mod bits;
pub mod brcm_tag;
pub mod capwap;
pub mod cmd;
pub mod dccp;
pub mod direction;
pub mod docsis;
pub mod dstopts;
pub mod eigrp;
pub mod enc;
pub mod eoip;
pub mod erf;
pub mod erspan;
pub mod esp;
pub mod etag;
pub mod etherip;
pub mod ethernet;
pub mod ethernet_brcm;
pub mod fabricpath;
pub mod fddi;
pub mod fragment;
pub mod frame_relay;
pub mod geneve;
pub mod gre;
pub mod gtp;
pub mod gtp_extension;
pub mod gue;
pub mod hdlc;
pub mod hip;
pub mod hopopts;
pub mod icmp;
pub mod icmp_extension;
pub mod icmpv6;
pub mod igmp;
pub mod ipcomp;
pub mod ipfc;
pub mod ipnet;
pub mod ipoib;
pub mod ipv4;
pub mod ipv4_option;
pub mod ipv6;
pub mod ipv6_ioam;
pub mod ipv6_option;
pub mod isl;
pub mod itag;
pub mod juniper;
pub mod juniper_atm2;
pub mod juniper_cookie;
pub mod l2tp;
pub mod l2tpv3;
pub mod lane;
pub mod layer;
pub mod lisp;
pub mod lisp_ecm;
pub mod llc;
pub mod macsec;
pub mod mesh_control;
pub mod minip;
pub mod mobility;
pub mod mpls;
pub mod multilink;
pub mod nflog;
pub mod nhrp;
pub mod nsh;
pub mod null;
pub mod ospf;
pub mod pflog;
pub mod pim;
pub mod pktap;
pub mod ppi;
pub mod ppp;
pub mod pppoe;
pub mod prism;
pub mod pweth;
pub mod radiotap;
pub mod routing;
pub mod sctp;
pub mod sctp_chunk;
pub mod shim6;
pub mod sixlowpan;
pub mod sll;
pub mod sll2;
pub mod sunatm;
pub mod tcp;
pub mod teredo;
pub mod token_ring;
pub mod trill;
pub mod tzsp;
pub mod udp;
pub mod udpencap;
pub mod udplite;
pub mod vlan;
pub mod vntag;
pub mod vrrp;
pub mod vxlan;
pub mod vxlan_gpe;
pub mod vxlan_linux;
pub mod wccp;
pub mod wlan;
pub mod wlan_aggregate;
pub mod wlan_swapped;
pub mod wlancap;
pub mod wpan;
pub mod wpan_tap;

pub use field::{Field, Value};
pub use header::{Header, Next, Step};
pub use layer::Layer;

/// Hands the list of all headers to a macro: the name of each in [`Layer`], and its module.
macro_rules! each_header {
    ($with:ident) => {
        $with! {
            Ethernet ethernet,
            EthernetBrcm ethernet_brcm,
            BrcmTag brcm_tag,
            Vlan vlan,
            Llc llc,
            Sll sll,
            Sll2 sll2,
            Null null,
            Ppp ppp,
            Pppoe pppoe,
            Hdlc hdlc,
            Mpls mpls,
            VnTag vntag,
            ETag etag,
            ITag itag,
            FabricPath fabricpath,
            Trill trill,
            Avsp avsp,
            Cmd cmd,
            Macsec macsec,
            Nsh nsh,
            Isl isl,
            FrameRelay frame_relay,
            Ipoib ipoib,
            Ipnet ipnet,
            Nflog nflog,
            Ppi ppi,
            Pktap pktap,
            Erf erf,
            Arcnet arcnet,
            ArcnetLinux arcnet_linux,
            Fddi fddi,
            TokenRing token_ring,
            SunAtm sunatm,
            Lane lane,
            Pflog pflog,
            Enc enc,
            Ap1394 ap1394,
            Ipfc ipfc,
            Docsis docsis,
            Direction direction,
            Multilink multilink,
            Juniper juniper,
            JuniperCookie juniper_cookie,
            JuniperAtm2 juniper_atm2,
            Wlan wlan,
            WlanSwapped wlan_swapped,
            WlanAggregate wlan_aggregate,
            MeshControl mesh_control,
            WpanTap wpan_tap,
            Wpan wpan,
            Sixlowpan sixlowpan,
            Radiotap radiotap,
            Wlancap wlancap,
            Prism prism,
            Arp arp,
            Ipv4 ipv4,
            Ipv6 ipv6,
            HopByHop hopopts,
            Routing routing,
            Fragment fragment,
            Destination dstopts,
            Ah ah,
            Esp esp,
            Mobility mobility,
            Hip hip,
            Shim6 shim6,
            IpComp ipcomp,
            Gre gre,
            Eoip eoip,
            Wccp wccp,
            Erspan erspan,
            Nhrp nhrp,
            EtherIp etherip,
            MinIp minip,
            L2tpv3 l2tpv3,
            Pim pim,
            Ospf ospf,
            Vrrp vrrp,
            Eigrp eigrp,
            Vxlan vxlan,
            VxlanLinux vxlan_linux,
            VxlanGpe vxlan_gpe,
            Geneve geneve,
            Gue gue,
            Gtp gtp,
            GtpExtension gtp_extension,
            Teredo teredo,
            Ayiya ayiya,
            L2tp l2tp,
            Capwap capwap,
            Lisp lisp,
            LispEcm lisp_ecm,
            Tzsp tzsp,
            UdpEncap udpencap,
            PwEth pweth,
            Tcp tcp,
            Udp udp,
            UdpLite udplite,
            Sctp sctp,
            Dccp dccp,
            Icmp icmp,
            Icmpv6 icmpv6,
            IcmpExtension icmp_extension,
            Igmp igmp,
        }
    };
}
use each_header;
