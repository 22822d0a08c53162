import { fileURLToPath } from 'node:url';
import HtmlWebpackPlugin from 'html-webpack-plugin';

export default {
  entry: './src/main.ts',
  output: {
    path: fileURLToPath(new URL('dist', import.meta.url)),
    filename: '[name].[contenthash].js',
    clean: true,
  },
  module: { rules: [{ test: /\.ts$/, loader: 'ts-loader', exclude: /node_modules/ }] },
  resolve: { extensions: ['.ts', '.js'] },
  performance: { hints: false },
  plugins: [new HtmlWebpackPlugin({ template: 'src/index.html' })],
  devServer: { hot: false, liveReload: false, client: false },
};
