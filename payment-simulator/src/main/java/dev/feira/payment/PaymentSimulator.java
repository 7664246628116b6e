package dev.feira.payment;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;

@SpringBootApplication
@ConfigurationPropertiesScan
class PaymentSimulator {

    public static void main(String[] args) {
        SpringApplication.run(PaymentSimulator.class, args);
    }
}
