package dev.feira.user.application;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/** Maps an IP address to the network of one client: a single IPv6 client has 2^64 addresses. */
final class Network {

    private static final int IPV4_BYTES = 4;
    private static final int IPV6_BYTES = 16;
    private static final int IPV6_NETWORK_BYTES = 8;

    private Network() {}

    /** Returns the /64 of an IPv6 address, and any other text unchanged. */
    static String of(String address) {
        if (address.indexOf(':') < 0) {
            return address;
        }
        try {
            var bytes = InetAddress.getByName(address).getAddress(); // a literal: no DNS lookup
            if (bytes.length == IPV4_BYTES) {
                return address;
            }
            var network = Arrays.copyOf(Arrays.copyOf(bytes, IPV6_NETWORK_BYTES), IPV6_BYTES);
            return InetAddress.getByAddress(network).getHostAddress() + "/64";
        } catch (UnknownHostException e) {
            return address;
        }
    }
}
