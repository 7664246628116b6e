package dev.feira.catalog;

import io.swagger.v3.oas.annotations.OpenAPIDefinition;
import io.swagger.v3.oas.annotations.info.Info;
import io.swagger.v3.oas.annotations.servers.Server;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;

@SpringBootApplication
@ConfigurationPropertiesScan
@OpenAPIDefinition(
        info =
                @Info(
                        title = "Feira catalog",
                        version = "1",
                        description =
                                "Products, prices, search and stock. Operations tagged 'internal' are for the other"
                                        + " services and have no route at the gateway."),
        servers = @Server(url = "${feira.api-prefix:/api}"))
class CatalogService {

    public static void main(String[] args) {
        SpringApplication.run(CatalogService.class, args);
    }
}
