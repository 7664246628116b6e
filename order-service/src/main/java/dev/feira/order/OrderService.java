package dev.feira.order;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;

@SpringBootApplication
@ConfigurationPropertiesScan
class OrderService {

    public static void main(String[] args) {
        SpringApplication.run(OrderService.class, args);
    }
}
