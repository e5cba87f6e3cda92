//! The names of all headers.

/// Hands the list of all headers to a macro: the name of each in [`Layer`], and its module.
macro_rules! each_header {
    ($with:ident) => {
        $with! {
            Ethernet ethernet,
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
            Macsec macsec,
            Nsh nsh,
            Isl isl,
            FrameRelay frame_relay,
            Ipoib ipoib,
            Ipnet ipnet,
            Nflog nflog,
            Ppi ppi,
            Pktap pktap,
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
            Wccp wccp,
            Erspan erspan,
            Nhrp nhrp,
            EtherIp etherip,
            MinIp minip,
            L2tpv3 l2tpv3,
            Pim pim,
            Vxlan vxlan,
            VxlanGpe vxlan_gpe,
            Geneve geneve,
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
            Igmp igmp,
        }
    };
}
pub(super) use each_header;

macro_rules! layers {
    ($($layer:ident $module:ident,)*) => {
        /// Every header that ipeek knows.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        pub enum Layer {
            $(
                #[doc = concat!("See [`super::", stringify!($module), "`].")]
                $layer,
            )*
        }
    };
}

each_header!(layers);
