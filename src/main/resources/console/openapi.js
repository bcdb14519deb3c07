/* global SwaggerUIBundle */
SwaggerUIBundle({ url: 'openapi.yaml', dom_id: '#description', deepLinking: true });
