/** Real vfpctrl outputs, reduced: an l2bridge and an overlay node of Windows Server 2019. */

export const LAYERS = `PS C:\\k> vfpctrl /port 768b4bd1-774c-47e8-904f-91c007a4b183 /list-layer

 ITEM LIST
===========

  LAYER : ACL_ENDPOINT_LAYER
    Friendly name : ACL_ENDPOINT_LAYER
    Priority : 15

  LAYER : SLB_NAT_LAYER
    Friendly name : SLB_NAT_LAYER
    Flags : 0x9 Default Allow , Update flows on address change
    Priority : 50

  LAYER : VNET_PA_ROUTE_LAYER
    Friendly name : VNET_PA_ROUTE_LAYER
    Flags : 0x1 Default Allow
    Priority : 2000

Command list-layer succeeded!
`;

export const NAT_RULES = `PS C:\\k> vfpctrl /port 768b4bd1-774c-47e8-904f-91c007a4b183 /layer SLB_NAT_LAYER /list-rule

 ITEM LIST
===========

  GROUP : SLB_GROUP_NAT_IPv4_IN
    Friendly name : SLB_GROUP_NAT_IPv4_IN
    Priority : 100
    Direction : IN
    Type : IPv4
    Conditions:
        <none>
    Match type : Longest prefix match on Destination IP

    RULE :
        Friendly name : NAT_Allow
        Priority : 65535
        Flags : 1 terminating
        Type : allow
        Conditions:
            <none>
        Flow TTL: 0
        FlagsEx : 0

  GROUP : SLB_GROUP_NAT_IPv4_OUT
    Friendly name : SLB_GROUP_NAT_IPv4_OUT
    Priority : 300
    Direction : OUT
    Type : IPv4
    Conditions:
        <none>
    Match type : Longest prefix match on Destination IP

    RULE :
        Friendly name : EXCEPTIONS_OUTBOUNDNAT_3FEC9_10.127.130.3810.127.130.0
        Priority : 0
        Flags : 1 terminating
        Type : allow
        Conditions:
            Destination IP : 10.127.130.0-10.127.130.255
        Flow TTL: 240
        FlagsEx : 0
`;

export const LB_RULES = `    RULE :
        Friendly name : LB_72C28_10.127.130.38_10.102.220.146_80_80_6
        Priority : 100
        Flags : 1 terminating
        Type : lbnat
        Conditions:
            Protocols : 6
            Destination IP : 10.102.220.146
            Destination ports : 80
        Flow TTL: 60
        Rule Data:
            Decrementing TTL
            Fixing MAC
            Modifying destination IP
            Modifying destination port
            Creating a flow pair
            Map space : 53F19CE3-474C-4059-98F5-870001D05A4F
            Count of DIP Ranges: 2
            DIP Range(s) :
                { 10.244.19.31 : 80 }
                { 10.244.19.32 : 80 }
        FlagsEx : 0

    RULE :
        Friendly name : LB_86C16_10.127.130.38_10.127.130.38_31486_80_6
        Priority : 100
        Flags : 1 terminating
        Type : lbnat
        Conditions:
            Protocols : 6
            Destination IP : 10.127.130.38
            Destination ports : 31486
        Flow TTL: 240
        Rule Data:
            Decrementing TTL
            Fixing MAC
            Modifying destination IP
            Modifying destination port
            Creating a flow pair
            Map space : 53F19CE3-474C-4059-98F5-870001D05A4F
            Count of DIP Ranges: 2
            DIP Range(s) :
                { 10.244.19.31 : 80 }
                { 10.244.19.32 : 80 }
        FlagsEx : 0
`;

export const REWRITE = `Policy for port :
768B4BD1-774C-47E8-904F-91C007A4B183

 ITEM LIST
===========

  LAYER : EXTERNAL_L2_REWRITE_LAYER
    Friendly name : EXTERNAL_L2_REWRITE_LAYER
    Priority : 500

  GROUP : EXTERNAL_L2_REWRITE_GROUP_IPV4_IN
    Friendly name : EXTERNAL_L2_REWRITE_GROUP_IPV4_IN
    Priority : 0
    Direction : IN
    Type : IPv4
    Conditions:
        <none>
    Match type : Longest prefix match on Destination IP

    RULE : FC7CE89-4FF1-4A13-83FD-A7622C49039C_to_EN
        Priority : 280
        Flags : 1 terminating
        Type : transposition
        Conditions:
            Source MAC : 00-15-5D-AA-87-B8
        Flow TTL: 0
        Transposition:
            Modify:
                Source MAC: 00-15-5D-05-C3-0C
        FlagsEx : 0

Command list-rule succeeded!
`;

export const OVERLAY_RULES = `    RULE : REMOTESUBNETROUTE_ENCAP_4A240_10.244.2.0_24_4096_10.127.130.38_00-15-5D-F9-D2-63
        Friendly name : REMOTESUBNETROUTE_ENCAP_4A240_10.244.2.0_24_4096_10.127.130.38_00-15-5D-F9-D2-63
        Priority : 10
        Flags : 1 terminating
        Type : routeencap
        Conditions:
            Destination IP : 10.244.2.0-10.244.2.255
        Flow TTL: 0
        Rule Data:
            Encap Type: VXLAN
            Fixing inner MAC
            Using source PA MAC
            Decrementing TTL
            Encap Source IP : 10.127.130.36
            Encap Destination(s):
                { IP address=10.127.130.38, MAC address=00-15-5D-F9-D2-63, GRE key=4096 }
        FlagsEx : 0

    RULE : ENCAP_10_244_3_1
        Friendly name : ENCAP_10_244_3_1
        Priority : 100
        Flags : 1 terminating
        Type : m encaps
        Conditions:
            Destination IP : 10.244.3.0-10.244.3.255
        Flow TTL: 0
        Rule Data:
            Map space : 21A6CBA3-813D-4D85-98B0-A1CB27A6A6EC
            GRE key : 4096
            Encap type : VXLAN
            CA routing enabled
            Encap Source IP : 10.127.130.36
        FlagsEx : 0
`;
