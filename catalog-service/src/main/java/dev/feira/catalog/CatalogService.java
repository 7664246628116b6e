package dev.feira.catalog;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;

@SpringBootApplication
@ConfigurationPropertiesScan
class CatalogService {

    public static void main(String[] args) {
        SpringApplication.run(CatalogService.class, args);
    }
}
