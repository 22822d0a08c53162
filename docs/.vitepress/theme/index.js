import DefaultTheme from 'vitepress/theme-without-fonts';
import PhonePair from './phone-pair.vue';
import SiteHome from './site-home.vue';
import SiteFrame from './site-frame.vue';
import './style.css';

/** @type {import('vitepress').Theme} */
export default {
  extends: DefaultTheme,
  enhanceApp({ app }) {
    app.component('PhonePair', PhonePair);
    app.component('SiteHome', SiteHome);
    app.component('SiteFrame', SiteFrame);
  },
};
