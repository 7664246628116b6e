package dev.feira.gateway.routing;

import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * Settings under {@code feira.gateway.forwarding}.
 *
 * @param trustedProxies CIDR ranges of the proxies whose {@code X-Forwarded-For} is trusted
 * @param connectTimeout for a connection to an instance; what takes longer counts as not reached
 * @param leaseTimeout how long a request waits for a pooled connection
 * @param connections open connections to all instances together
 * @param connectionsPerInstance open connections to one instance
 * @param responseTimeout the longest silence of an instance while it sends a response that is larger than the buffer;
 *     longer than every {@code Deadline}
 * @param idle after which an unused connection is closed; shorter than the services' keep-alive of 75 s
 * @param requestSize the largest body that is accepted, also without {@code Content-Length}
 * @param requestTime in which a body must have arrived
 * @param requestMemory what the bodies of all requests without a response may take together
 * @param responseBuffer the size up to which a response is read within the deadline, before the first byte goes to the
 *     client; a larger one is streamed from there on
 * @param attempts the most instances that one safe request is sent to
 * @param retryShare retries allowed for each request, e.g. 0.1: one retry for ten requests
 * @param retryReserve retries allowed at once, before the share counts
 * @param ejectFor how long an instance is ejected that was not reached or failed three times in a row
 * @param waitsPerCaller requests of one user or address that may wait by {@code Prefer: wait} at one time; further ones
 *     get a response without waiting
 */
@Validated
@ConfigurationProperties("feira.gateway.forwarding")
public record ForwardingProperties(
        @DefaultValue
        List<@Pattern(regexp = "[0-9a-fA-F.:]+/\\d+", message = "must be a CIDR range, e.g. 10.1.2.3/32") String>
                trustedProxies,

        @DefaultValue("500ms") Duration connectTimeout,
        @DefaultValue("500ms") Duration leaseTimeout,
        @DefaultValue("1000") @Min(1) int connections,
        @DefaultValue("400") @Min(1) int connectionsPerInstance,
        @DefaultValue("25s") Duration responseTimeout,
        @DefaultValue("30s") Duration idle,
        @DefaultValue("1MB") DataSize requestSize,
        @DefaultValue("10s") Duration requestTime,
        @DefaultValue("64MB") DataSize requestMemory,
        @DefaultValue("256KB") DataSize responseBuffer,
        @DefaultValue("3") @Min(1) @Max(5) int attempts,

        @DefaultValue("0.1") @DecimalMin("0") @DecimalMax("1") double retryShare,

        @DefaultValue("100") @Min(0) int retryReserve,
        @DefaultValue("2s") Duration ejectFor,
        @DefaultValue("16") @Min(1) int waitsPerCaller) {}
