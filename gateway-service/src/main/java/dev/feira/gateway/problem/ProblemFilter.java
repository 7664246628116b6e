package dev.feira.gateway.problem;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.apache.tomcat.util.http.InvalidParameterException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;
import org.springframework.web.filter.OncePerRequestFilter;

/** Writes the problems of the filters behind it, also when the session database is unavailable. */
@Component
public class ProblemFilter extends OncePerRequestFilter {

    private static final Logger log = LoggerFactory.getLogger(ProblemFilter.class);

    private final ProblemWriter problems;

    ProblemFilter(ProblemWriter problems) {
        this.problems = problems;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        try {
            chain.doFilter(request, response);
        } catch (ProblemException e) {
            problems.write(request, response, e.problem());
        } catch (InvalidParameterException e) {
            problems.write(request, response, GatewayProblem.invalid("The address is not a valid URL."));
        } catch (DataAccessException | TransactionException e) {
            log.warn(
                    "{} {}: the session database is unavailable: {}",
                    request.getMethod(),
                    request.getRequestURI(),
                    e.getMessage());
            problems.write(request, response, GatewayProblem.DATABASE_UNAVAILABLE);
        }
    }
}
