package dev.feira.user.application;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/** What of an address stands for one household: with IPv6 it has 2^64 addresses and would never be counted twice. */
final class Network {

    private static final int IPV4_BYTES = 4;
    private static final int IPV6_BYTES = 16;
    private static final int IPV6_NETWORK_BYTES = 8;

    private Network() {}

    /** Returns the /64 of an IPv6 address, and anything else as it is. */
    static String of(String address) {
        if (address.indexOf(':') < 0) {
            return address;
        }
        try {
            var bytes = InetAddress.getByName(address).getAddress(); // a literal: nothing is looked up
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
