# syntax=docker/dockerfile:1
# docker build -t reasonrank .                          any x64 or arm64 processor
# docker build -t reasonrank:cuda --target cuda .       NVIDIA GPUs, driver 580 or newer (CUDA 13)

FROM node:22-slim AS node

# Node.js is here for npm, which restores llama.cpp's shared libraries; the images below don't have it.
FROM mcr.microsoft.com/dotnet/sdk:10.0 AS source
COPY --from=node /usr/local/bin/node /usr/local/bin/node
COPY --from=node /usr/local/lib/node_modules/npm /usr/local/lib/node_modules/npm
RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm
WORKDIR /source
COPY . .

FROM source AS publish-cpu
RUN --mount=type=cache,target=/root/.nuget/packages --mount=type=cache,target=/root/.npm \
    dotnet publish src/ReasonRank.Service -c Release -o /app

# The fallback is for CUDA 12, which the cuda image doesn't have.
FROM source AS publish-cuda
RUN --mount=type=cache,target=/root/.nuget/packages --mount=type=cache,target=/root/.npm \
    dotnet publish src/ReasonRank.Service -c Release -o /app -p:LlamaBackend=cuda \
    && rm -rf /app/llama/fallback

FROM nvidia/cuda:13.0.1-runtime-ubuntu24.04 AS cuda
# ICU, as .NET's own images have it: without it no text is normalised, and the service refuses to start.
RUN apt-get update \
    && apt-get install -y --no-install-recommends libicu74 \
    && rm -rf /var/lib/apt/lists/*
COPY --from=mcr.microsoft.com/dotnet/aspnet:10.0 /usr/share/dotnet /usr/share/dotnet
COPY deploy/docker/healthcheck /usr/local/bin/healthcheck
COPY --from=publish-cuda /app /app
ENV PATH=/usr/share/dotnet:$PATH ASPNETCORE_HTTP_PORTS=8080
WORKDIR /app
USER 1654
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=3s --start-period=180s --retries=3 CMD ["healthcheck"]
ENTRYPOINT ["dotnet", "ReasonRank.Service.dll"]

# The last target is what a build without --target makes.
FROM mcr.microsoft.com/dotnet/aspnet:10.0 AS cpu
COPY deploy/docker/healthcheck /usr/local/bin/healthcheck
COPY --from=publish-cpu /app /app
ENV ASPNETCORE_HTTP_PORTS=8080
WORKDIR /app
USER 1654
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=3s --start-period=180s --retries=3 CMD ["healthcheck"]
ENTRYPOINT ["dotnet", "ReasonRank.Service.dll"]
