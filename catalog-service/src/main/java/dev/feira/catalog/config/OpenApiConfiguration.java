package dev.feira.catalog.config;

import dev.feira.defaults.FeiraProperties;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.servers.Server;
import java.util.List;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Describes the service in the OpenAPI document. */
@Configuration(proxyBeanMethods = false)
class OpenApiConfiguration {

    @Bean
    OpenAPI openApi(FeiraProperties settings) {
        return new OpenAPI()
                .info(new Info()
                        .title("Feira catalog")
                        .version("1")
                        .description("Products, prices, search and stock. Operations tagged"
                                + " 'internal' are for the other services and have no route at the gateway."))
                .servers(List.of(new Server().url(settings.apiPrefix())));
    }
}
