package dev.feira.order.saga;

import dev.feira.order.fixtures.Replica;
import dev.feira.order.fixtures.ReplicaProcess;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.SpringApplication;
import org.springframework.context.annotation.Bean;

/** An order-service that dies at the point that is named on its input, as if by {@code kill -9}. */
final class KillableOrderService {

    /** The exit code of a process that SIGKILL ends. */
    static final int KILLED = 137;

    private static volatile @Nullable String fate;

    private KillableOrderService() {}

    /** No {@code @Configuration}, which the other tests' replicas would find. */
    static class Mortality {
        @Bean
        StepListener death() {
            return (point, claim) -> {
                if ((claim.step() + " " + point).equals(fate)) {
                    Runtime.getRuntime().halt(KILLED);
                }
            };
        }
    }

    static void main(String[] settings) throws IOException {
        var application = new SpringApplication(Replica.service(), Mortality.class);
        var port = application.run(settings).getEnvironment().getRequiredProperty("local.server.port");
        System.out.println(ReplicaProcess.PORT + port);
        try (var input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (var line = input.readLine(); line != null; line = input.readLine()) {
                fate = line;
                System.out.println(ReplicaProcess.TOLD + line);
            }
        }
        Runtime.getRuntime().halt(0);
    }
}
