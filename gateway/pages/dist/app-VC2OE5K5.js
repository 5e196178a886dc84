import{a as yo,b as So,c as kn}from"./chunk-4F3ZRHPV.js";import{a as vo,g as Eo,h as V,i as si,j as Zi,k as It,l as pe,m as ae,n as go,o as bo,p as _o,q as Ao,r as Xi,s as Ji,t as To}from"./chunk-DAWOEMY5.js";import"./chunk-I7AUKTXE.js";function u(t,e,...i){let r=document.createElement(t);for(let[n,a]of Object.entries(e??{}))a===!1||a===void 0||a===null||(typeof a=="function"?r.addEventListener(n.slice(2),a):r.setAttribute(n,a===!0?"":String(a)));return r.append(...i.filter(n=>!!n||n==="")),r}var ce=t=>u("bdi",null,t);async function Lt(t,e){let i=e.textContent;try{await navigator.clipboard.writeText(t)}catch{let r=u("textarea",{"aria-hidden":"true"},t);document.body.append(r),r.select(),document.execCommand("copy"),r.remove()}e.textContent="Copied",setTimeout(()=>{e.textContent=i},1500)}function Ce(t){let e="http://www.w3.org/2000/svg",i=document.createElementNS(e,"svg");i.setAttribute("viewBox","0 0 24 24"),i.setAttribute("aria-hidden","true"),i.setAttribute("class","icon");let r=document.createElementNS(e,"path");return r.setAttribute("d",t),i.append(r),i}var oe={play:"M8 5.5v13l10.500-6.500z",film:"M4 5h16v14H4zM8 5v14M16 5v14M4 9.500h4M4 14.500h4M16 9.500h4M16 14.500h4",music:"M9 18V6l10-2v12M9 18a2.500 2.500 0 1 1-5 0 2.500 2.500 0 0 1 5 0zM19 16a2.500 2.500 0 1 1-5 0 2.500 2.500 0 0 1 5 0z",picture:"M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4M15 9.500h.01",text:"M6 3h9l4 4v14H6zM14 3v5h5M9 12h7M9 16h7",file:"M6 3h9l4 4v14H6zM14 3v5h5",folder:"M3 6h6l2 2.500h10V19H3z",right:"M9 6l6 6-6 6",check:"M5 12.500l4.500 4.500L19 7.500"};var ji=class{addEventListener(){}removeEventListener(){}dispatchEvent(){return!0}},er=class extends ji{},tr=class extends er{constructor(){super(...arguments),this.role=null}},In=class{observe(){}unobserve(){}disconnect(){}},wo={createElement:function(){return new li.HTMLElement},createElementNS:function(){return new li.HTMLElement},addEventListener(){},removeEventListener(){},dispatchEvent(t){return!1}},li={ResizeObserver:In,document:wo,Node:er,Element:tr,HTMLElement:class extends tr{constructor(){super(...arguments),this.innerHTML=""}get content(){return new li.DocumentFragment}},DocumentFragment:class extends ji{},customElements:{get:function(){},define:function(){},whenDefined:function(){}},localStorage:{getItem(t){return null},setItem(t,e){},removeItem(t){}},CustomEvent:function(){},getComputedStyle:function(){},navigator:{languages:[],get userAgent(){return""}},matchMedia(t){return{matches:!1,media:t}},DOMParser:class{parseFromString(e,i){return{body:{textContent:e}}}}},ko="global"in globalThis&&globalThis?.global===globalThis||typeof window>"u"||typeof window.customElements>"u",Io=Object.keys(li).every(t=>t in globalThis),d=ko&&!Io?li:globalThis,z=ko&&!Io?wo:globalThis.document;var E={MEDIA_PLAY_REQUEST:"mediaplayrequest",MEDIA_PAUSE_REQUEST:"mediapauserequest",MEDIA_MUTE_REQUEST:"mediamuterequest",MEDIA_UNMUTE_REQUEST:"mediaunmuterequest",MEDIA_LOOP_REQUEST:"medialooprequest",MEDIA_VOLUME_REQUEST:"mediavolumerequest",MEDIA_SEEK_REQUEST:"mediaseekrequest",MEDIA_AIRPLAY_REQUEST:"mediaairplayrequest",MEDIA_ENTER_FULLSCREEN_REQUEST:"mediaenterfullscreenrequest",MEDIA_EXIT_FULLSCREEN_REQUEST:"mediaexitfullscreenrequest",MEDIA_PREVIEW_REQUEST:"mediapreviewrequest",MEDIA_ENTER_PIP_REQUEST:"mediaenterpiprequest",MEDIA_EXIT_PIP_REQUEST:"mediaexitpiprequest",MEDIA_ENTER_CAST_REQUEST:"mediaentercastrequest",MEDIA_EXIT_CAST_REQUEST:"mediaexitcastrequest",MEDIA_SHOW_TEXT_TRACKS_REQUEST:"mediashowtexttracksrequest",MEDIA_HIDE_TEXT_TRACKS_REQUEST:"mediahidetexttracksrequest",MEDIA_SHOW_SUBTITLES_REQUEST:"mediashowsubtitlesrequest",MEDIA_DISABLE_SUBTITLES_REQUEST:"mediadisablesubtitlesrequest",MEDIA_TOGGLE_SUBTITLES_REQUEST:"mediatogglesubtitlesrequest",MEDIA_PLAYBACK_RATE_REQUEST:"mediaplaybackraterequest",MEDIA_RENDITION_REQUEST:"mediarenditionrequest",MEDIA_AUDIO_TRACK_REQUEST:"mediaaudiotrackrequest",MEDIA_SEEK_TO_LIVE_REQUEST:"mediaseektoliverequest",REGISTER_MEDIA_STATE_RECEIVER:"registermediastatereceiver",UNREGISTER_MEDIA_STATE_RECEIVER:"unregistermediastatereceiver"},D={MEDIA_CHROME_ATTRIBUTES:"mediachromeattributes",MEDIA_CONTROLLER:"mediacontroller"},Ln={MEDIA_AIRPLAY_UNAVAILABLE:"mediaAirplayUnavailable",MEDIA_AUDIO_TRACK_ENABLED:"mediaAudioTrackEnabled",MEDIA_AUDIO_TRACK_LIST:"mediaAudioTrackList",MEDIA_AUDIO_TRACK_UNAVAILABLE:"mediaAudioTrackUnavailable",MEDIA_BUFFERED:"mediaBuffered",MEDIA_CAST_UNAVAILABLE:"mediaCastUnavailable",MEDIA_CHAPTERS_CUES:"mediaChaptersCues",MEDIA_CURRENT_TIME:"mediaCurrentTime",MEDIA_DURATION:"mediaDuration",MEDIA_ENDED:"mediaEnded",MEDIA_ERROR:"mediaError",MEDIA_ERROR_CODE:"mediaErrorCode",MEDIA_ERROR_MESSAGE:"mediaErrorMessage",MEDIA_FULLSCREEN_UNAVAILABLE:"mediaFullscreenUnavailable",MEDIA_HAS_PLAYED:"mediaHasPlayed",MEDIA_HEIGHT:"mediaHeight",MEDIA_IS_AIRPLAYING:"mediaIsAirplaying",MEDIA_IS_CASTING:"mediaIsCasting",MEDIA_IS_FULLSCREEN:"mediaIsFullscreen",MEDIA_IS_PIP:"mediaIsPip",MEDIA_LOADING:"mediaLoading",MEDIA_MUTED:"mediaMuted",MEDIA_LOOP:"mediaLoop",MEDIA_PAUSED:"mediaPaused",MEDIA_PIP_UNAVAILABLE:"mediaPipUnavailable",MEDIA_PLAYBACK_RATE:"mediaPlaybackRate",MEDIA_PREVIEW_CHAPTER:"mediaPreviewChapter",MEDIA_PREVIEW_COORDS:"mediaPreviewCoords",MEDIA_PREVIEW_IMAGE:"mediaPreviewImage",MEDIA_PREVIEW_TIME:"mediaPreviewTime",MEDIA_RENDITION_LIST:"mediaRenditionList",MEDIA_RENDITION_SELECTED:"mediaRenditionSelected",MEDIA_RENDITION_UNAVAILABLE:"mediaRenditionUnavailable",MEDIA_SEEKABLE:"mediaSeekable",MEDIA_STREAM_TYPE:"mediaStreamType",MEDIA_SUBTITLES_LIST:"mediaSubtitlesList",MEDIA_SUBTITLES_SHOWING:"mediaSubtitlesShowing",MEDIA_TARGET_LIVE_WINDOW:"mediaTargetLiveWindow",MEDIA_TIME_IS_LIVE:"mediaTimeIsLive",MEDIA_VOLUME:"mediaVolume",MEDIA_VOLUME_LEVEL:"mediaVolumeLevel",MEDIA_VOLUME_UNAVAILABLE:"mediaVolumeUnavailable",MEDIA_LANG:"mediaLang",MEDIA_WIDTH:"mediaWidth"},Lo=Object.entries(Ln),s=Lo.reduce((t,[e,i])=>(t[e]=i.toLowerCase(),t),{}),Pl={USER_INACTIVE_CHANGE:"userinactivechange",BREAKPOINTS_CHANGE:"breakpointchange",BREAKPOINTS_COMPUTED:"breakpointscomputed"},lt=Lo.reduce((t,[e,i])=>(t[e]=i.toLowerCase(),t),{...Pl}),mu=Object.entries(lt).reduce((t,[e,i])=>{let r=s[e];return r&&(t[i]=r),t},{userinactivechange:"userinactive"}),Mo=Object.entries(s).reduce((t,[e,i])=>{let r=lt[e];return r&&(t[i]=r),t},{userinactive:"userinactivechange"}),ue={SUBTITLES:"subtitles",CAPTIONS:"captions",DESCRIPTIONS:"descriptions",CHAPTERS:"chapters",METADATA:"metadata"},qe={DISABLED:"disabled",HIDDEN:"hidden",SHOWING:"showing"};var ir={MOUSE:"mouse",PEN:"pen",TOUCH:"touch"},he={UNAVAILABLE:"unavailable",UNSUPPORTED:"unsupported"},fe={LIVE:"live",ON_DEMAND:"on-demand",UNKNOWN:"unknown"};var Ro={INLINE:"inline",FULLSCREEN:"fullscreen",PICTURE_IN_PICTURE:"picture-in-picture"};var Co=new WeakMap,Mn=t=>{let e=Co.get(t);return e||Co.set(t,e=new Set),e},Do=new d.ResizeObserver(t=>{for(let e of t)for(let i of Mn(e.target))i(e)});function rr(t,e){Mn(t).add(e),Do.observe(t)}function nr(t,e){let i=Mn(t);i.delete(e),i.size||Do.unobserve(t)}function Q(t){let e={};for(let i of t)e[i.name]=i.value;return e}function xo(t){var e;return(e=Ul(t))!=null?e:Ye(t,"media-controller")}function Ul(t){var e;let{MEDIA_CONTROLLER:i}=D,r=t.getAttribute(i);if(r)return(e=Hl(t))==null?void 0:e.getElementById(r)}var ar=(t,e,i=".value")=>{let r=t.querySelector(i);r&&(r.textContent=e)},Nl=(t,e)=>{let i=`slot[name="${e}"]`,r=t.shadowRoot.querySelector(i);return r?r.children:[]},or=(t,e)=>Nl(t,e)[0],De=(t,e)=>!t||!e?!1:t?.contains(e)?!0:De(t,e.getRootNode().host),Ye=(t,e)=>{if(!t)return null;let i=t.closest(e);return i||Ye(t.getRootNode().host,e)};function Rn(t=document){var e;let i=t?.activeElement;return i?(e=Rn(i.shadowRoot))!=null?e:i:null}function Hl(t){var e;let i=(e=t?.getRootNode)==null?void 0:e.call(t);return i instanceof ShadowRoot||i instanceof Document?i:null}function sr(t,{depth:e=3,checkOpacity:i=!0,checkVisibilityCSS:r=!0}={}){if(t.checkVisibility)return t.checkVisibility({checkOpacity:i,checkVisibilityCSS:r});let n=t;for(;n&&e>0;){let a=getComputedStyle(n);if(i&&a.opacity==="0"||r&&a.visibility==="hidden"||a.display==="none")return!1;n=n.parentElement,e--}return!0}function Oo(t,e,i,r){let n=r.x-i.x,a=r.y-i.y,o=n*n+a*a;if(o===0)return 0;let l=((t-i.x)*n+(e-i.y)*a)/o;return Math.max(0,Math.min(1,l))}function N(t,e){let i=$l(t,r=>r===e);return i||Cn(t,e)}function $l(t,e){var i,r;let n;for(n of(i=t.querySelectorAll("style:not([media])"))!=null?i:[]){let a;try{a=(r=n.sheet)==null?void 0:r.cssRules}catch{continue}for(let o of a??[])if(e(o.selectorText))return o}}function Cn(t,e){var i,r;let n=(i=t.querySelectorAll("style:not([media])"))!=null?i:[],a=n?.[n.length-1];if(!a?.sheet)return console.warn("Media Chrome: No style sheet found on style tag of",t),{style:{setProperty:()=>{},removeProperty:()=>"",getPropertyValue:()=>""}};let o=a?.sheet.insertRule(`${e}{}`,a.sheet.cssRules.length);return(r=a.sheet.cssRules)==null?void 0:r[o]}function $(t,e,i=Number.NaN){let r=t.getAttribute(e);return r!=null?+r:i}function G(t,e,i){let r=+i;if(i==null||Number.isNaN(r)){t.hasAttribute(e)&&t.removeAttribute(e);return}$(t,e,void 0)!==r&&t.setAttribute(e,`${r}`)}function M(t,e){return t.hasAttribute(e)}function R(t,e,i){if(i==null){t.hasAttribute(e)&&t.removeAttribute(e);return}M(t,e)!=i&&t.toggleAttribute(e,i)}function P(t,e,i=null){var r;return(r=t.getAttribute(e))!=null?r:i}function O(t,e,i){if(i==null){t.hasAttribute(e)&&t.removeAttribute(e);return}let r=`${i}`;P(t,e,void 0)!==r&&t.setAttribute(e,r)}var Po=(t,e,i)=>{if(!e.has(t))throw TypeError("Cannot "+i)},Se=(t,e,i)=>(Po(t,e,"read from private field"),i?i.call(t):e.get(t)),Fl=(t,e,i)=>{if(e.has(t))throw TypeError("Cannot add the same private member more than once");e instanceof WeakSet?e.add(t):e.set(t,i)},lr=(t,e,i,r)=>(Po(t,e,"write to private field"),r?r.call(t,i):e.set(t,i),i),re;function Bl(t){return`
    <style>
      :host {
        display: var(--media-control-display, var(--media-gesture-receiver-display, inline-block));
        box-sizing: border-box;
      }
    </style>
  `}var Mt=class extends d.HTMLElement{constructor(){if(super(),Fl(this,re,void 0),!this.shadowRoot){this.attachShadow(this.constructor.shadowRootOptions);let e=Q(this.attributes);this.shadowRoot.innerHTML=this.constructor.getTemplateHTML(e)}}static get observedAttributes(){return[D.MEDIA_CONTROLLER,s.MEDIA_PAUSED]}attributeChangedCallback(e,i,r){var n,a,o,l,c;e===D.MEDIA_CONTROLLER&&(i&&((a=(n=Se(this,re))==null?void 0:n.unassociateElement)==null||a.call(n,this),lr(this,re,null)),r&&this.isConnected&&(lr(this,re,(o=this.getRootNode())==null?void 0:o.getElementById(r)),(c=(l=Se(this,re))==null?void 0:l.associateElement)==null||c.call(l,this)))}connectedCallback(){var e,i;this.tabIndex=-1,this.setAttribute("aria-hidden","true"),lr(this,re,Wl(this)),this.getAttribute(D.MEDIA_CONTROLLER)&&((i=(e=Se(this,re))==null?void 0:e.associateElement)==null||i.call(e,this)),Se(this,re)&&(Se(this,re).addEventListener("pointerdown",this),Se(this,re).addEventListener("click",this),Se(this,re).hasAttribute("tabindex")||(Se(this,re).tabIndex=0))}disconnectedCallback(){var e,i,r,n;this.getAttribute(D.MEDIA_CONTROLLER)&&((i=(e=Se(this,re))==null?void 0:e.unassociateElement)==null||i.call(e,this)),(r=Se(this,re))==null||r.removeEventListener("pointerdown",this),(n=Se(this,re))==null||n.removeEventListener("click",this),lr(this,re,null)}handleEvent(e){var i;let r=(i=e.composedPath())==null?void 0:i[0];if(["video","media-controller"].includes(r?.localName)){if(e.type==="pointerdown")this._pointerType=e.pointerType;else if(e.type==="click"){let{clientX:a,clientY:o}=e,{left:l,top:c,width:p,height:m}=this.getBoundingClientRect(),g=a-l,v=o-c;if(g<0||v<0||g>p||v>m||p===0&&m===0)return;let f=this._pointerType||"mouse";if(this._pointerType=void 0,f===ir.TOUCH){this.handleTap(e);return}else if(f===ir.MOUSE||f===ir.PEN){this.handleMouseClick(e);return}}}}get mediaPaused(){return M(this,s.MEDIA_PAUSED)}set mediaPaused(e){R(this,s.MEDIA_PAUSED,e)}handleTap(e){}handleMouseClick(e){let i=this.mediaPaused?E.MEDIA_PLAY_REQUEST:E.MEDIA_PAUSE_REQUEST;this.dispatchEvent(new d.CustomEvent(i,{composed:!0,bubbles:!0}))}};re=new WeakMap;Mt.shadowRootOptions={mode:"open"};Mt.getTemplateHTML=Bl;function Wl(t){var e;let i=t.getAttribute(D.MEDIA_CONTROLLER);return i?(e=t.getRootNode())==null?void 0:e.getElementById(i):Ye(t,"media-controller")}d.customElements.get("media-gesture-receiver")||d.customElements.define("media-gesture-receiver",Mt);var Dn=Mt;var Uo={"Start airplay":"Start airplay","Stop airplay":"Stop airplay",Audio:"Audio",Captions:"Captions","Enable captions":"Enable captions","Disable captions":"Disable captions","Start casting":"Start casting","Stop casting":"Stop casting","Enter fullscreen mode":"Enter fullscreen mode","Exit fullscreen mode":"Exit fullscreen mode",Mute:"Mute",Unmute:"Unmute",Loop:"Loop","Enter picture in picture mode":"Enter picture in picture mode","Exit picture in picture mode":"Exit picture in picture mode",Play:"Play",Pause:"Pause","Playback rate":"Playback rate","Playback rate {playbackRate}":"Playback rate {playbackRate}",Quality:"Quality","Seek backward":"Seek backward","Seek forward":"Seek forward",Settings:"Settings",Auto:"Auto","audio player":"audio player","video player":"video player",volume:"volume",seek:"seek","closed captions":"closed captions","current playback rate":"current playback rate","playback time":"playback time","media loading":"media loading",settings:"settings","audio tracks":"audio tracks",quality:"quality",play:"play",pause:"pause",mute:"mute",unmute:"unmute","chapter: {chapterName}":"chapter: {chapterName}",live:"live",Off:"Off","start airplay":"start airplay","stop airplay":"stop airplay","start casting":"start casting","stop casting":"stop casting","enter fullscreen mode":"enter fullscreen mode","exit fullscreen mode":"exit fullscreen mode","enter picture in picture mode":"enter picture in picture mode","exit picture in picture mode":"exit picture in picture mode","seek to live":"seek to live","playing live":"playing live","seek back {seekOffset} seconds":"seek back {seekOffset} seconds","seek forward {seekOffset} seconds":"seek forward {seekOffset} seconds","Network Error":"Network Error","Decode Error":"Decode Error","Source Not Supported":"Source Not Supported","Encryption Error":"Encryption Error","A network error caused the media download to fail.":"A network error caused the media download to fail.","A media error caused playback to be aborted. The media could be corrupt or your browser does not support this format.":"A media error caused playback to be aborted. The media could be corrupt or your browser does not support this format.","An unsupported error occurred. The server or network failed, or your browser does not support this format.":"An unsupported error occurred. The server or network failed, or your browser does not support this format.","The media is encrypted and there are no keys to decrypt it.":"The media is encrypted and there are no keys to decrypt it.",hour:"hour",hours:"hours",minute:"minute",minutes:"minutes",second:"second",seconds:"seconds","{time} remaining":"{time} remaining","{currentTime} of {totalTime}":"{currentTime} of {totalTime}","video not loaded, unknown time.":"video not loaded, unknown time."};var No,di={en:Uo},Rt=((No=globalThis.navigator)==null?void 0:No.language)||"en",Ho=t=>{Rt=t};var Vl=t=>{var e,i,r;let[n]=Rt.split("-");return((e=di[Rt])==null?void 0:e[t])||((i=di[n])==null?void 0:i[t])||((r=di.en)==null?void 0:r[t])||t},$o=()=>{let[t]=Rt.split("-");return di[Rt]?Rt:di[t]?t:"en"},w=(t,e={})=>Vl(t).replace(/\{(\w+)\}/g,(i,r)=>r in e?String(e[r]):`{${r}}`);var Un=(t,e,i)=>{if(!e.has(t))throw TypeError("Cannot "+i)},q=(t,e,i)=>(Un(t,e,"read from private field"),i?i.call(t):e.get(t)),se=(t,e,i)=>{if(e.has(t))throw TypeError("Cannot add the same private member more than once");e instanceof WeakSet?e.add(t):e.set(t,i)},we=(t,e,i,r)=>(Un(t,e,"write to private field"),r?r.call(t,i):e.set(t,i),i),ke=(t,e,i)=>(Un(t,e,"access private method"),i),ci,ur,Ct,Ot,xt,xn,Dt,dr,On,Fo,Pn,Bo,ui,hr,mr,Nn,Pt,hi,ze,cr,I={AUDIO:"audio",AUTOHIDE:"autohide",BREAKPOINTS:"breakpoints",GESTURES_DISABLED:"gesturesdisabled",KEYBOARD_CONTROL:"keyboardcontrol",NO_AUTOHIDE:"noautohide",USER_INACTIVE:"userinactive",AUTOHIDE_OVER_CONTROLS:"autohideovercontrols"};function Kl(t){return`
    <style>
      
      :host([${s.MEDIA_IS_FULLSCREEN}]) ::slotted([slot=media]) {
        outline: none;
      }

      :host {
        box-sizing: border-box;
        position: relative;
        display: inline-block;
        line-height: 0;
        background-color: var(--media-background-color, #000);
        overflow: hidden;
      }

      :host(:not([${I.AUDIO}])) [part~=layer]:not([part~=media-layer]) {
        position: absolute;
        top: 0;
        left: 0;
        bottom: 0;
        right: 0;
        display: flex;
        flex-flow: column nowrap;
        align-items: start;
        pointer-events: none;
        background: none;
      }

      slot[name=media] {
        display: var(--media-slot-display, contents);
      }

      
      :host([${I.AUDIO}]) slot[name=media] {
        display: var(--media-slot-display, none);
      }

      
      :host([${I.AUDIO}]) [part~=layer][part~=gesture-layer] {
        height: 0;
        display: block;
      }

      
      :host(:not([${I.AUDIO}])[${I.GESTURES_DISABLED}]) ::slotted([slot=gestures-chrome]),
          :host(:not([${I.AUDIO}])[${I.GESTURES_DISABLED}]) media-gesture-receiver[slot=gestures-chrome] {
        display: none;
      }

      
      ::slotted(:not([slot=media]):not([slot=poster]):not(media-loading-indicator):not([role=dialog]):not([hidden])) {
        pointer-events: auto;
      }

      :host(:not([${I.AUDIO}])) *[part~=layer][part~=centered-layer] {
        align-items: center;
        justify-content: center;
      }

      :host(:not([${I.AUDIO}])) ::slotted(media-gesture-receiver[slot=gestures-chrome]),
      :host(:not([${I.AUDIO}])) media-gesture-receiver[slot=gestures-chrome] {
        align-self: stretch;
        flex-grow: 1;
      }

      slot[name=middle-chrome] {
        display: inline;
        flex-grow: 1;
        pointer-events: none;
        background: none;
      }

      
      ::slotted([slot=media]),
      ::slotted([slot=poster]) {
        width: 100%;
        height: 100%;
      }

      
      :host(:not([${I.AUDIO}])) .spacer {
        flex-grow: 1;
      }

      
      :host(:-webkit-full-screen) {
        
        width: 100% !important;
        height: 100% !important;
      }

      
      ::slotted(:not([slot=media]):not([slot=poster]):not([${I.NO_AUTOHIDE}]):not([hidden]):not([role=dialog])) {
        opacity: 1;
        transition: var(--media-control-transition-in, opacity 0.25s);
      }

      
      :host([${I.USER_INACTIVE}]:not([${s.MEDIA_PAUSED}]):not([${s.MEDIA_IS_AIRPLAYING}]):not([${s.MEDIA_IS_CASTING}]):not([${I.AUDIO}])) ::slotted(:not([slot=media]):not([slot=poster]):not([${I.NO_AUTOHIDE}]):not([role=dialog])) {
        opacity: 0;
        transition: var(--media-control-transition-out, opacity 1s);
      }

      :host([${I.USER_INACTIVE}]:not([${I.NO_AUTOHIDE}]):not([${s.MEDIA_PAUSED}]):not([${s.MEDIA_IS_CASTING}]):not([${I.AUDIO}])) ::slotted([slot=media]) {
        cursor: none;
      }

      :host([${I.USER_INACTIVE}][${I.AUTOHIDE_OVER_CONTROLS}]:not([${I.NO_AUTOHIDE}]):not([${s.MEDIA_PAUSED}]):not([${s.MEDIA_IS_CASTING}]):not([${I.AUDIO}])) * {
        --media-cursor: none;
        cursor: none;
      }


      ::slotted(media-control-bar)  {
        align-self: stretch;
      }

      
      
      :host(:not([${I.AUDIO}])[${s.MEDIA_HAS_PLAYED}]) slot[name=poster],
      :host(:not([${I.AUDIO}])[${s.MEDIA_STREAM_TYPE}="${fe.ON_DEMAND}"][${s.MEDIA_CURRENT_TIME}]:not([${s.MEDIA_CURRENT_TIME}="0"])) slot[name=poster] {
        display: none;
      }

      ::slotted([role=dialog]) {
        width: 100%;
        height: 100%;
        align-self: center;
      }

      ::slotted([role=menu]) {
        align-self: end;
      }
    </style>

    <slot name="media" part="layer media-layer"></slot>
    <slot name="poster" part="layer poster-layer"></slot>
    <slot name="gestures-chrome" part="layer gesture-layer">
      <media-gesture-receiver slot="gestures-chrome">
        <template shadowrootmode="${Dn.shadowRootOptions.mode}">
          ${Dn.getTemplateHTML({})}
        </template>
      </media-gesture-receiver>
    </slot>
    <span part="layer vertical-layer">
      <slot name="top-chrome" part="top chrome"></slot>
      <slot name="middle-chrome" part="middle chrome"></slot>
      <slot name="centered-chrome" part="layer centered-layer center centered chrome"></slot>
      
      <slot part="bottom chrome"></slot>
    </span>
    <slot name="dialog" part="layer dialog-layer"></slot>
  `}var Gl=Object.values(s),ql="sm:384 md:576 lg:768 xl:960";function Yl(t){Wo(t.target,t.contentRect.width)}function Wo(t,e){var i;if(!t.isConnected)return;let r=(i=t.getAttribute(I.BREAKPOINTS))!=null?i:ql,n=zl(r),a=Ql(n,e),o=!1;if(Object.keys(n).forEach(l=>{if(a.includes(l)){t.hasAttribute(`breakpoint${l}`)||(t.setAttribute(`breakpoint${l}`,""),o=!0);return}t.hasAttribute(`breakpoint${l}`)&&(t.removeAttribute(`breakpoint${l}`),o=!0)}),o){let l=new CustomEvent(lt.BREAKPOINTS_CHANGE,{detail:a});t.dispatchEvent(l)}t.breakpointsComputed||(t.breakpointsComputed=!0,t.dispatchEvent(new CustomEvent(lt.BREAKPOINTS_COMPUTED,{bubbles:!0,composed:!0})))}function zl(t){let e=t.split(/\s+/);return Object.fromEntries(e.map(i=>i.split(":")))}function Ql(t,e){return Object.keys(t).filter(i=>e>=parseInt(t[i]))}var dt=class extends d.HTMLElement{constructor(){if(super(),se(this,On),se(this,Pn),se(this,ui),se(this,mr),se(this,Pt),se(this,ci,void 0),se(this,ur,0),se(this,Ct,null),se(this,Ot,null),se(this,xt,void 0),this.breakpointsComputed=!1,se(this,xn,e=>{let i=this.media;for(let r of e){if(r.type!=="childList")continue;let n=r.removedNodes;for(let a of n){if(a.slot!="media"||r.target!=this)continue;let o=r.previousSibling&&r.previousSibling.previousElementSibling;if(!o||!i)this.mediaUnsetCallback(a);else{let l=o.slot!=="media";for(;(o=o.previousSibling)!==null;)o.slot=="media"&&(l=!1);l&&this.mediaUnsetCallback(a)}}if(i)for(let a of r.addedNodes)a===i&&this.handleMediaUpdated(i)}}),se(this,Dt,!1),se(this,dr,e=>{q(this,Dt)||(setTimeout(()=>{Yl(e),we(this,Dt,!1)},0),we(this,Dt,!0))}),se(this,ze,void 0),se(this,cr,()=>{if(!q(this,ze).assignedElements({flatten:!0}).length){q(this,Ct)&&this.mediaUnsetCallback(q(this,Ct));return}this.handleMediaUpdated(this.media)}),!this.shadowRoot){this.attachShadow(this.constructor.shadowRootOptions);let e=Q(this.attributes),i=this.constructor.getTemplateHTML(e);this.shadowRoot.setHTMLUnsafe?this.shadowRoot.setHTMLUnsafe(i):this.shadowRoot.innerHTML=i}we(this,ci,new MutationObserver(q(this,xn)))}static get observedAttributes(){return[I.AUTOHIDE,I.GESTURES_DISABLED].concat(Gl).filter(e=>![s.MEDIA_RENDITION_LIST,s.MEDIA_AUDIO_TRACK_LIST,s.MEDIA_CHAPTERS_CUES,s.MEDIA_WIDTH,s.MEDIA_HEIGHT,s.MEDIA_ERROR,s.MEDIA_ERROR_MESSAGE].includes(e))}attributeChangedCallback(e,i,r){e.toLowerCase()==I.AUTOHIDE&&(this.autohide=r)}get media(){let e=this.querySelector(":scope > [slot=media]");return e?.nodeName=="SLOT"&&(e=e.assignedElements({flatten:!0})[0]),e}async handleMediaUpdated(e){e&&(we(this,Ct,e),e.localName.includes("-")&&await d.customElements.whenDefined(e.localName),this.mediaSetCallback(e))}connectedCallback(){var e;q(this,ci).observe(this,{childList:!0,subtree:!0}),rr(this,q(this,dr));let r=this.getAttribute(I.AUDIO)!=null?w("audio player"):w("video player");this.setAttribute("role","region"),this.setAttribute("aria-label",r),this.handleMediaUpdated(this.media),this.setAttribute(I.USER_INACTIVE,""),Wo(this,this.getBoundingClientRect().width);let n=this.querySelector(":scope > slot[slot=media]");n&&(we(this,ze,n),q(this,ze).addEventListener("slotchange",q(this,cr))),this.addEventListener("pointerdown",this),this.addEventListener("pointermove",this),this.addEventListener("pointerup",this),this.addEventListener("mouseleave",this),this.addEventListener("keyup",this),(e=d.window)==null||e.addEventListener("mouseup",this)}disconnectedCallback(){var e;nr(this,q(this,dr)),clearTimeout(q(this,Ot)),q(this,ci).disconnect(),this.media&&this.mediaUnsetCallback(this.media),(e=d.window)==null||e.removeEventListener("mouseup",this),this.removeEventListener("pointerdown",this),this.removeEventListener("pointermove",this),this.removeEventListener("pointerup",this),this.removeEventListener("mouseleave",this),this.removeEventListener("keyup",this),q(this,ze)&&(q(this,ze).removeEventListener("slotchange",q(this,cr)),we(this,ze,null)),we(this,Dt,!1)}mediaSetCallback(e){}mediaUnsetCallback(e){we(this,Ct,null)}handleEvent(e){switch(e.type){case"pointerdown":we(this,ur,e.timeStamp);break;case"pointermove":ke(this,On,Fo).call(this,e);break;case"pointerup":ke(this,Pn,Bo).call(this,e);break;case"mouseleave":ke(this,ui,hr).call(this);break;case"mouseup":this.removeAttribute(I.KEYBOARD_CONTROL);break;case"keyup":ke(this,Pt,hi).call(this),this.setAttribute(I.KEYBOARD_CONTROL,"");break}}set autohide(e){let i=Number(e);we(this,xt,isNaN(i)?0:i)}get autohide(){return(q(this,xt)===void 0?2:q(this,xt)).toString()}get breakpoints(){return P(this,I.BREAKPOINTS)}set breakpoints(e){O(this,I.BREAKPOINTS,e)}get audio(){return M(this,I.AUDIO)}set audio(e){R(this,I.AUDIO,e)}get gesturesDisabled(){return M(this,I.GESTURES_DISABLED)}set gesturesDisabled(e){R(this,I.GESTURES_DISABLED,e)}get keyboardControl(){return M(this,I.KEYBOARD_CONTROL)}set keyboardControl(e){R(this,I.KEYBOARD_CONTROL,e)}get noAutohide(){return M(this,I.NO_AUTOHIDE)}set noAutohide(e){R(this,I.NO_AUTOHIDE,e)}get autohideOverControls(){return M(this,I.AUTOHIDE_OVER_CONTROLS)}set autohideOverControls(e){R(this,I.AUTOHIDE_OVER_CONTROLS,e)}get userInteractive(){return M(this,I.USER_INACTIVE)}set userInteractive(e){R(this,I.USER_INACTIVE,e)}};ci=new WeakMap;ur=new WeakMap;Ct=new WeakMap;Ot=new WeakMap;xt=new WeakMap;xn=new WeakMap;Dt=new WeakMap;dr=new WeakMap;On=new WeakSet;Fo=function(t){if(t.pointerType!=="mouse"&&t.timeStamp-q(this,ur)<250)return;ke(this,mr,Nn).call(this),clearTimeout(q(this,Ot));let e=this.hasAttribute(I.AUTOHIDE_OVER_CONTROLS);([this,this.media].includes(t.target)||e)&&ke(this,Pt,hi).call(this)};Pn=new WeakSet;Bo=function(t){if(t.pointerType==="touch"){let e=!this.hasAttribute(I.USER_INACTIVE);[this,this.media].includes(t.target)&&e?ke(this,ui,hr).call(this):ke(this,Pt,hi).call(this)}else t.composedPath().some(e=>["media-play-button","media-fullscreen-button"].includes(e?.localName))&&ke(this,Pt,hi).call(this)};ui=new WeakSet;hr=function(){if(q(this,xt)<0||this.hasAttribute(I.USER_INACTIVE))return;this.setAttribute(I.USER_INACTIVE,"");let t=new d.CustomEvent(lt.USER_INACTIVE_CHANGE,{composed:!0,bubbles:!0,detail:!0});this.dispatchEvent(t)};mr=new WeakSet;Nn=function(){if(!this.hasAttribute(I.USER_INACTIVE))return;this.removeAttribute(I.USER_INACTIVE);let t=new d.CustomEvent(lt.USER_INACTIVE_CHANGE,{composed:!0,bubbles:!0,detail:!1});this.dispatchEvent(t)};Pt=new WeakSet;hi=function(){ke(this,mr,Nn).call(this),clearTimeout(q(this,Ot));let t=parseInt(this.autohide);t<0||we(this,Ot,setTimeout(()=>{ke(this,ui,hr).call(this)},t*1e3))};ze=new WeakMap;cr=new WeakMap;dt.shadowRootOptions={mode:"open"};dt.getTemplateHTML=Kl;d.customElements.get("media-container")||d.customElements.define("media-container",dt);var Kn=(t,e,i)=>{if(!e.has(t))throw TypeError("Cannot "+i)},ut=(t,e,i)=>(Kn(t,e,"read from private field"),i?i.call(t):e.get(t)),Ve=(t,e,i)=>{if(e.has(t))throw TypeError("Cannot add the same private member more than once");e instanceof WeakSet?e.add(t):e.set(t,i)},Gn=(t,e,i,r)=>(Kn(t,e,"write to private field"),r?r.call(t,i):e.set(t,i),i),ct=(t,e,i)=>(Kn(t,e,"access private method"),i),fr,pi,ht,pr,Hn,$n,Vo,Fn,Ko,Bn,Go,Wn,qo,Vn,Yo;function Zl(t){return`
    <style>
      :host {
        font: var(--media-font,
          var(--media-font-weight, normal)
          var(--media-font-size, 14px) /
          var(--media-text-content-height, var(--media-control-height, 24px))
          var(--media-font-family, helvetica neue, segoe ui, roboto, arial, sans-serif));
        color: var(--media-text-color, var(--media-primary-color, rgb(238 238 238)));
        display: var(--media-dialog-display, inline-flex);
        justify-content: center;
        align-items: center;
        
        transition-behavior: allow-discrete;
        visibility: hidden;
        opacity: 0;
        transform: translateY(2px) scale(.99);
        pointer-events: none;
      }

      :host([open]) {
        transition: display .2s, visibility 0s, opacity .2s ease-out, transform .15s ease-out;
        visibility: visible;
        opacity: 1;
        transform: translateY(0) scale(1);
        pointer-events: auto;
      }

      #content {
        display: flex;
        position: relative;
        box-sizing: border-box;
        width: min(320px, 100%);
        word-wrap: break-word;
        max-height: 100%;
        overflow: auto;
        text-align: center;
        line-height: 1.4;
      }
    </style>
    ${this.getSlotTemplateHTML(t)}
  `}function Xl(t){return`
    <slot id="content"></slot>
  `}var mi={OPEN:"open",ANCHOR:"anchor"},Qe=class extends d.HTMLElement{constructor(){super(),Ve(this,pr),Ve(this,$n),Ve(this,Fn),Ve(this,Bn),Ve(this,Wn),Ve(this,Vn),Ve(this,fr,!1),Ve(this,pi,null),Ve(this,ht,null)}static get observedAttributes(){return[mi.OPEN,mi.ANCHOR]}get open(){return M(this,mi.OPEN)}set open(e){R(this,mi.OPEN,e)}handleEvent(e){switch(e.type){case"invoke":ct(this,Bn,Go).call(this,e);break;case"focusout":ct(this,Wn,qo).call(this,e);break;case"keydown":ct(this,Vn,Yo).call(this,e);break}}connectedCallback(){ct(this,pr,Hn).call(this),this.role||(this.role="dialog"),this.addEventListener("invoke",this),this.addEventListener("focusout",this),this.addEventListener("keydown",this)}disconnectedCallback(){this.removeEventListener("invoke",this),this.removeEventListener("focusout",this),this.removeEventListener("keydown",this)}attributeChangedCallback(e,i,r){ct(this,pr,Hn).call(this),e===mi.OPEN&&r!==i&&(this.open?ct(this,$n,Vo).call(this):ct(this,Fn,Ko).call(this))}focus(){Gn(this,pi,Rn());let e=!this.dispatchEvent(new Event("focus",{composed:!0,cancelable:!0})),i=!this.dispatchEvent(new Event("focusin",{composed:!0,bubbles:!0,cancelable:!0}));if(e||i)return;let r=this.querySelector('[autofocus], [tabindex]:not([tabindex="-1"]), [role="menu"]');r?.focus()}get keysUsed(){return["Escape","Tab"]}};fr=new WeakMap;pi=new WeakMap;ht=new WeakMap;pr=new WeakSet;Hn=function(){if(!ut(this,fr)&&(Gn(this,fr,!0),!this.shadowRoot)){this.attachShadow(this.constructor.shadowRootOptions);let t=Q(this.attributes);this.shadowRoot.innerHTML=this.constructor.getTemplateHTML(t),queueMicrotask(()=>{let{style:e}=N(this.shadowRoot,":host");e.setProperty("transition","display .15s, visibility .15s, opacity .15s ease-in, transform .15s ease-in")})}};$n=new WeakSet;Vo=function(){var t;(t=ut(this,ht))==null||t.setAttribute("aria-expanded","true"),this.dispatchEvent(new Event("open",{composed:!0,bubbles:!0})),this.addEventListener("transitionend",()=>this.focus(),{once:!0})};Fn=new WeakSet;Ko=function(){var t;(t=ut(this,ht))==null||t.setAttribute("aria-expanded","false"),this.dispatchEvent(new Event("close",{composed:!0,bubbles:!0}))};Bn=new WeakSet;Go=function(t){Gn(this,ht,t.relatedTarget),De(this,t.relatedTarget)||(this.open=!this.open)};Wn=new WeakSet;qo=function(t){var e;De(this,t.relatedTarget)||((e=ut(this,pi))==null||e.focus(),ut(this,ht)&&ut(this,ht)!==t.relatedTarget&&this.open&&(this.open=!1))};Vn=new WeakSet;Yo=function(t){var e,i,r,n,a;let{key:o,ctrlKey:l,altKey:c,metaKey:p}=t;l||c||p||this.keysUsed.includes(o)&&(t.preventDefault(),t.stopPropagation(),o==="Tab"?(t.shiftKey?(i=(e=this.previousElementSibling)==null?void 0:e.focus)==null||i.call(e):(n=(r=this.nextElementSibling)==null?void 0:r.focus)==null||n.call(r),this.blur()):o==="Escape"&&((a=ut(this,pi))==null||a.focus(),this.open=!1))};Qe.shadowRootOptions={mode:"open"};Qe.getTemplateHTML=Zl;Qe.getSlotTemplateHTML=Xl;d.customElements.get("media-chrome-dialog")||d.customElements.define("media-chrome-dialog",Qe);var Jl=(t,e,i)=>{if(!e.has(t))throw TypeError("Cannot "+i)},Ze=(t,e,i)=>(Jl(t,e,"read from private field"),i?i.call(t):e.get(t)),zo=(t,e,i)=>{if(e.has(t))throw TypeError("Cannot add the same private member more than once");e instanceof WeakSet?e.add(t):e.set(t,i)},Ut,Nt,fi={HOTKEYS:"hotkeys"},jl=[{keys:[{key:" ",label:"Space"},{key:"k"}],description:"Toggle Playback"},{keys:[{key:"m"}],description:"Toggle mute"},{keys:[{key:"f"}],description:"Toggle fullscreen"},{keys:[{key:"c"}],description:"Toggle captions or subtitles, if available"},{keys:[{key:"p"}],description:"Toggle Picture in Picture"},{keys:[{key:"ArrowLeft",label:"←"},{key:"j"}],description:"Seek back 10s"},{keys:[{key:"ArrowRight",label:"→"},{key:"l"}],description:"Seek forward 10s"},{keys:[{key:"ArrowUp",label:"↑"}],description:"Turn volume up"},{keys:[{key:"ArrowDown",label:"↓"}],description:"Turn volume down"},{keys:[{key:"<",label:"< (SHIFT+,)"}],description:"Decrease playback rate"},{keys:[{key:">",label:"> (SHIFT+.)"}],description:"Increase playback rate"},{keys:[{key:"shift+/",label:"SHIFT+/"}],description:"Show keyboard shortcuts"}];function Er(t){return t===" "?"nospace":`no${t.toLowerCase()}`}function ed(t){let e=new Set(t?.split(/\s+/));return jl.map(({keys:i,description:r})=>({keys:i.filter(({key:n})=>!e.has(Er(n))),description:r})).filter(({keys:i})=>i.length)}function td(t){return`
    <style>
      :host {
        position: fixed;
        top: 0;
        left: 0;
        z-index: 9999;
        background: rgb(20 20 30 / .8);
        backdrop-filter: blur(10px);
      }

      #content {
        display: block;
        width: clamp(400px, 40vw, 700px);
        max-width: 90vw;
        text-align: left;
      }

      h2 {
        margin: 0 0 1.5rem 0;
        font-size: 1.5rem;
        font-weight: 500;
        text-align: center;
      }

      .shortcuts-table {
        width: 100%;
        border-collapse: collapse;
      }

      .shortcuts-table tr {
        border-bottom: 1px solid rgba(255, 255, 255, 0.1);
      }

      .shortcuts-table tr:last-child {
        border-bottom: none;
      }

      .shortcuts-table td {
        padding: 0.75rem 0.5rem;
      }

      .shortcuts-table td:first-child {
        text-align: right;
        padding-right: 1rem;
        width: 40%;
        min-width: 120px;
      }

      .shortcuts-table td:last-child {
        padding-left: 1rem;
      }

      .key {
        display: inline-block;
        background: rgba(255, 255, 255, 0.15);
        border: 1px solid rgba(255, 255, 255, 0.2);
        border-radius: 4px;
        padding: 0.25rem 0.5rem;
        font-family: 'Courier New', monospace;
        font-size: 0.9rem;
        font-weight: 500;
        min-width: 1.5rem;
        text-align: center;
        margin: 0 0.2rem;
      }

      .description {
        color: rgba(255, 255, 255, 0.9);
        font-size: 0.95rem;
      }

      .key-combo {
        display: flex;
        align-items: center;
        justify-content: flex-end;
        gap: 0.3rem;
      }

      .key-separator {
        color: rgba(255, 255, 255, 0.5);
        font-size: 0.9rem;
      }
    </style>
    <slot id="content">
      ${Qo(t[fi.HOTKEYS])}
    </slot>
  `}function Qo(t){return`
    <h2>Keyboard Shortcuts</h2>
    <table class="shortcuts-table">${ed(t).map(({keys:i,description:r})=>`
        <tr>
          <td>
            <div class="key-combo">${i.map(({key:a,label:o=a},l)=>l>0?`<span class="key-separator">or</span><span class="key">${o}</span>`:`<span class="key">${o}</span>`).join("")}</div>
          </td>
          <td class="description">${r}</td>
        </tr>
      `).join("")}</table>
  `}var vr=class extends Qe{constructor(){super(...arguments),zo(this,Ut,e=>{var i;if(!this.open)return;let r=(i=this.shadowRoot)==null?void 0:i.querySelector("#content");if(!r)return;let n=e.composedPath(),a=n[0]===this||n.includes(this),o=n.includes(r);a&&!o&&(this.open=!1)}),zo(this,Nt,e=>{if(!this.open)return;let i=e.shiftKey&&(e.key==="/"||e.key==="?");(e.key==="Escape"||i)&&!e.ctrlKey&&!e.altKey&&!e.metaKey&&(this.open=!1,e.preventDefault(),e.stopPropagation())})}static get observedAttributes(){return[...super.observedAttributes,fi.HOTKEYS]}get hotkeys(){var e;return(e=P(this,fi.HOTKEYS))!=null?e:void 0}set hotkeys(e){O(this,fi.HOTKEYS,e)}connectedCallback(){super.connectedCallback(),this.open&&(this.addEventListener("click",Ze(this,Ut)),document.addEventListener("keydown",Ze(this,Nt)))}disconnectedCallback(){this.removeEventListener("click",Ze(this,Ut)),document.removeEventListener("keydown",Ze(this,Nt))}attributeChangedCallback(e,i,r){var n;if(super.attributeChangedCallback(e,i,r),e==="open")this.open?(this.addEventListener("click",Ze(this,Ut)),document.addEventListener("keydown",Ze(this,Nt))):(this.removeEventListener("click",Ze(this,Ut)),document.removeEventListener("keydown",Ze(this,Nt)));else if(e===fi.HOTKEYS&&r!==i){let a=(n=this.shadowRoot)==null?void 0:n.querySelector("#content");a&&(a.innerHTML=Qo(r))}}};Ut=new WeakMap;Nt=new WeakMap;vr.getSlotTemplateHTML=td;d.customElements.get("media-keyboard-shortcuts-dialog")||d.customElements.define("media-keyboard-shortcuts-dialog",vr);var Zo=(t,e,i)=>{if(!e.has(t))throw TypeError("Cannot "+i)},ee=(t,e,i)=>(Zo(t,e,"read from private field"),i?i.call(t):e.get(t)),vi=(t,e,i)=>{if(e.has(t))throw TypeError("Cannot add the same private member more than once");e instanceof WeakSet?e.add(t):e.set(t,i)},gr=(t,e,i,r)=>(Zo(t,e,"write to private field"),r?r.call(t,i):e.set(t,i),i),Ht,$t,br,mt,Ke,Xe,_r=class{constructor(e,i,{defaultValue:r}={defaultValue:void 0}){vi(this,Ke),vi(this,Ht,void 0),vi(this,$t,void 0),vi(this,br,void 0),vi(this,mt,new Set),gr(this,Ht,e),gr(this,$t,i),gr(this,br,new Set(r))}[Symbol.iterator](){return ee(this,Ke,Xe).values()}get length(){return ee(this,Ke,Xe).size}get value(){var e;return(e=[...ee(this,Ke,Xe)].join(" "))!=null?e:""}set value(e){var i;e!==this.value&&(gr(this,mt,new Set),this.add(...(i=e?.split(" "))!=null?i:[]))}toString(){return this.value}item(e){return[...ee(this,Ke,Xe)][e]}values(){return ee(this,Ke,Xe).values()}forEach(e,i){ee(this,Ke,Xe).forEach(e,i)}add(...e){var i,r;e.forEach(n=>ee(this,mt).add(n)),!(this.value===""&&!((i=ee(this,Ht))!=null&&i.hasAttribute(`${ee(this,$t)}`)))&&((r=ee(this,Ht))==null||r.setAttribute(`${ee(this,$t)}`,`${this.value}`))}remove(...e){var i;e.forEach(r=>ee(this,mt).delete(r)),(i=ee(this,Ht))==null||i.setAttribute(`${ee(this,$t)}`,`${this.value}`)}contains(e){return ee(this,Ke,Xe).has(e)}toggle(e,i){return typeof i<"u"?i?(this.add(e),!0):(this.remove(e),!1):this.contains(e)?(this.remove(e),!1):(this.add(e),!0)}replace(e,i){return this.remove(e),this.add(i),e===i}};Ht=new WeakMap;$t=new WeakMap;br=new WeakMap;mt=new WeakMap;Ke=new WeakSet;Xe=function(){return ee(this,mt).size?ee(this,mt):ee(this,br)};function Xo(t){return t?.map(id).join(" ")}function id(t){if(t){let{id:e,width:i,height:r}=t;return[e,i,r].filter(n=>n!=null).join(":")}}function Jo(t){return t?.map(rd).join(" ")}function rd(t){if(t){let{id:e,kind:i,language:r,label:n}=t;return[e,i,r,n].filter(a=>a!=null).join(":")}}function Ft(t){return typeof t=="number"&&!Number.isNaN(t)&&Number.isFinite(t)}var Ar=t=>new Promise(e=>setTimeout(e,t));var nd=(t="")=>t.split(/\s+/),jo=(t="")=>{let[e,i,r]=t.split(":"),n=r?decodeURIComponent(r):void 0;return{kind:e==="cc"?ue.CAPTIONS:ue.SUBTITLES,language:i,label:n}},qn=(t="",e={})=>nd(t).map(i=>{let r=jo(i);return{...e,...r}}),Yn=t=>t?Array.isArray(t)?t.map(e=>typeof e=="string"?jo(e):e):typeof t=="string"?qn(t):[t]:[],ad=({kind:t,label:e,language:i}={kind:"subtitles"})=>e?`${t==="captions"?"cc":"sb"}:${i}:${encodeURIComponent(e)}`:i,Ei=(t=[])=>Array.prototype.map.call(t,ad).join(" "),od=(t,e)=>i=>i[t]===e,es=t=>{let e=Object.entries(t).map(([i,r])=>od(i,r));return i=>e.every(r=>r(i))},pt=(t,e=[],i=[])=>{let r=Yn(i).map(es),n=a=>r.some(o=>o(a));Array.from(e).filter(n).forEach(a=>{a.mode=t})},ft=(t,e=()=>!0)=>{if(!t?.textTracks)return[];let i=typeof e=="function"?e:es(e);return Array.from(t.textTracks).filter(i)},ts=t=>{var e;return!!((e=t.mediaSubtitlesShowing)!=null&&e.length)||t.hasAttribute(s.MEDIA_SUBTITLES_SHOWING)};var rs=t=>{var e;let{media:i,fullscreenElement:r}=t;try{let n=r&&"requestFullscreen"in r?"requestFullscreen":r&&"webkitRequestFullScreen"in r?"webkitRequestFullScreen":void 0;if(n){let a=(e=r[n])==null?void 0:e.call(r);if(a instanceof Promise)return a.catch(()=>{})}else i?.webkitEnterFullscreen?i.webkitEnterFullscreen():i?.requestFullscreen&&i.requestFullscreen()}catch(n){console.error(n)}},is="exitFullscreen"in z?"exitFullscreen":"webkitExitFullscreen"in z?"webkitExitFullscreen":"webkitCancelFullScreen"in z?"webkitCancelFullScreen":void 0,ns=t=>{var e;let{documentElement:i}=t;if(is){let r=(e=i?.[is])==null?void 0:e.call(i);if(r instanceof Promise)return r.catch(()=>{})}},gi="fullscreenElement"in z?"fullscreenElement":"webkitFullscreenElement"in z?"webkitFullscreenElement":void 0,sd=t=>{let{documentElement:e,media:i}=t,r=e?.[gi];return!r&&"webkitDisplayingFullscreen"in i&&"webkitPresentationMode"in i&&i.webkitDisplayingFullscreen&&i.webkitPresentationMode===Ro.FULLSCREEN?i:r},as=t=>{var e;let{media:i,documentElement:r,fullscreenElement:n=i}=t;if(!i||!r)return!1;let a=sd(t);if(!a)return!1;if(a===n||a===i)return!0;if(a.localName.includes("-")){let o=a.shadowRoot;if(!(gi in o))return De(a,n);for(;o?.[gi];){if(o[gi]===n)return!0;o=(e=o[gi])==null?void 0:e.shadowRoot}}return!1},ld="fullscreenEnabled"in z?"fullscreenEnabled":"webkitFullscreenEnabled"in z?"webkitFullscreenEnabled":void 0,os=t=>{let{documentElement:e,media:i}=t;return!!e?.[ld]||i&&"webkitSupportsFullscreen"in i};var Tr,zn=()=>{var t,e;return Tr||(Tr=(e=(t=z)==null?void 0:t.createElement)==null?void 0:e.call(t,"video"),Tr)},ss=async(t=zn())=>{if(!t)return!1;let e=t.volume;t.volume=e/2+.1;let i=new AbortController,r=await Promise.race([dd(t,i.signal),cd(t,e)]);return i.abort(),r},dd=(t,e)=>new Promise(i=>{t.addEventListener("volumechange",()=>i(!0),{signal:e})}),cd=async(t,e)=>{for(let i=0;i<10;i++){if(t.volume===e)return!1;await Ar(10)}return t.volume!==e},ud=/.*Version\/.*Safari\/.*/.test(d.navigator.userAgent),Qn=(t=zn())=>d.matchMedia("(display-mode: standalone)").matches&&ud?!1:typeof t?.requestPictureInPicture=="function",Zn=(t=zn())=>os({documentElement:z,media:t}),ls=Zn(),ds=Qn(),cs=!!d.WebKitPlaybackTargetAvailabilityEvent,us=!!d.chrome;var Bt=t=>ft(t.media,e=>[ue.SUBTITLES,ue.CAPTIONS].includes(e.kind)).sort((e,i)=>e.kind>=i.kind?1:-1),Xn=t=>ft(t.media,e=>e.mode===qe.SHOWING&&[ue.SUBTITLES,ue.CAPTIONS].includes(e.kind)),yr=(t,e)=>{let i=Bt(t),r=Xn(t),n=!!r.length;if(i.length){if(e===!1||n&&e!==!0)pt(qe.DISABLED,i,r);else if(e===!0||!n&&e!==!1){let a=i[0],{options:o}=t;if(!o?.noSubtitlesLangPref){let m=d.localStorage.getItem("media-chrome-pref-subtitles-lang"),g=m?[m,...d.navigator.languages]:d.navigator.languages,v=i.filter(f=>g.some(b=>f.language.toLowerCase().startsWith(b.split("-")[0]))).sort((f,b)=>{let _=g.findIndex(y=>f.language.toLowerCase().startsWith(y.split("-")[0])),L=g.findIndex(y=>b.language.toLowerCase().startsWith(y.split("-")[0]));return _-L});v[0]&&(a=v[0])}let{language:l,label:c,kind:p}=a;pt(qe.DISABLED,i,r),pt(qe.SHOWING,i,[{language:l,label:c,kind:p}])}}},Sr=(t,e)=>t===e?!0:t==null||e==null||typeof t!=typeof e?!1:typeof t=="number"&&Number.isNaN(t)&&Number.isNaN(e)?!0:typeof t!="object"?!1:Array.isArray(t)?hd(t,e):Object.entries(t).every(([i,r])=>i in e&&Sr(r,e[i])),hd=(t,e)=>{let i=Array.isArray(t),r=Array.isArray(e);return i!==r?!1:i||r?t.length!==e.length?!1:t.every((n,a)=>Sr(n,e[a])):!0};var md=Object.values(fe),wr,pd=ss().then(t=>(wr=t,wr)),hs=async(...t)=>{await Promise.all(t.filter(e=>e).map(async e=>{if(!("localName"in e&&e instanceof d.HTMLElement))return;let i=e.localName;if(!i.includes("-"))return;let r=d.customElements.get(i);r&&e instanceof r||(await d.customElements.whenDefined(i),d.customElements.upgrade(e))}))},fd=new d.DOMParser,vd=t=>t&&(fd.parseFromString(t,"text/html").body.textContent||t),Wt={mediaError:{get(t,e){let{media:i}=t;if(e?.type!=="playing")return i?.error},mediaEvents:["emptied","error","playing"]},mediaErrorCode:{get(t,e){var i;let{media:r}=t;if(e?.type!=="playing")return(i=r?.error)==null?void 0:i.code},mediaEvents:["emptied","error","playing"]},mediaErrorMessage:{get(t,e){var i,r;let{media:n}=t;if(e?.type!=="playing")return(r=(i=n?.error)==null?void 0:i.message)!=null?r:""},mediaEvents:["emptied","error","playing"]},mediaWidth:{get(t){var e;let{media:i}=t;return(e=i?.videoWidth)!=null?e:0},mediaEvents:["resize"]},mediaHeight:{get(t){var e;let{media:i}=t;return(e=i?.videoHeight)!=null?e:0},mediaEvents:["resize"]},mediaPaused:{get(t){var e;let{media:i}=t;return(e=i?.paused)!=null?e:!0},set(t,e){var i;let{media:r}=e;r&&(t?r.pause():(i=r.play())==null||i.catch(()=>{}))},mediaEvents:["play","playing","pause","emptied"]},mediaHasPlayed:{get(t,e){let{media:i}=t;return i?e?e.type==="playing":!i.paused:!1},mediaEvents:["playing","emptied"]},mediaEnded:{get(t){var e;let{media:i}=t;return(e=i?.ended)!=null?e:!1},mediaEvents:["seeked","ended","emptied"]},mediaPlaybackRate:{get(t){var e;let{media:i}=t;return(e=i?.playbackRate)!=null?e:1},set(t,e){let{media:i}=e;i&&Number.isFinite(+t)&&(i.playbackRate=+t)},mediaEvents:["ratechange","loadstart"]},mediaMuted:{get(t){var e;let{media:i}=t;return(e=i?.muted)!=null?e:!1},set(t,e){let{media:i,options:{noMutedPref:r}={}}=e;if(i){i.muted=t;try{let n=d.localStorage.getItem("media-chrome-pref-muted")!==null,a=i.hasAttribute("muted");if(r){n&&d.localStorage.removeItem("media-chrome-pref-muted");return}if(a&&!n)return;d.localStorage.setItem("media-chrome-pref-muted",t?"true":"false")}catch(n){console.debug("Error setting muted pref",n)}}},mediaEvents:["volumechange"],stateOwnersUpdateHandlers:[(t,e)=>{let{options:{noMutedPref:i}}=e,{media:r}=e;if(!(!r||r.muted||i))try{let n=d.localStorage.getItem("media-chrome-pref-muted")==="true";Wt.mediaMuted.set(n,e),t(n)}catch(n){console.debug("Error getting muted pref",n)}}]},mediaLoop:{get(t){let{media:e}=t;return e?.loop},set(t,e){let{media:i}=e;i&&(i.loop=t)},mediaEvents:["medialooprequest"]},mediaVolume:{get(t){var e;let{media:i}=t;return(e=i?.volume)!=null?e:1},set(t,e){let{media:i,options:{noVolumePref:r}={}}=e;if(i){try{t==null?d.localStorage.removeItem("media-chrome-pref-volume"):!i.hasAttribute("muted")&&!r&&d.localStorage.setItem("media-chrome-pref-volume",t.toString())}catch(n){console.debug("Error setting volume pref",n)}Number.isFinite(+t)&&(i.volume=+t)}},mediaEvents:["volumechange"],stateOwnersUpdateHandlers:[(t,e)=>{let{options:{noVolumePref:i}}=e;if(!i)try{let{media:r}=e;if(!r)return;let n=d.localStorage.getItem("media-chrome-pref-volume");if(n==null)return;Wt.mediaVolume.set(+n,e),t(+n)}catch(r){console.debug("Error getting volume pref",r)}}]},mediaVolumeLevel:{get(t){let{media:e}=t;return typeof e?.volume>"u"?"high":e.muted||e.volume===0?"off":e.volume<.5?"low":e.volume<.75?"medium":"high"},mediaEvents:["volumechange"]},mediaCurrentTime:{get(t){var e;let{media:i}=t;return(e=i?.currentTime)!=null?e:0},set(t,e){let{media:i}=e;!i||!Ft(t)||(i.currentTime=t)},mediaEvents:["timeupdate","loadedmetadata","seeking"]},mediaDuration:{get(t){let{media:e,options:{defaultDuration:i}={}}=t;return i&&(!e||!e.duration||Number.isNaN(e.duration)||!Number.isFinite(e.duration))?i:Number.isFinite(e?.duration)?e.duration:Number.NaN},mediaEvents:["durationchange","loadedmetadata","emptied"]},mediaLoading:{get(t){let{media:e}=t;return e?.readyState<3},mediaEvents:["waiting","playing","emptied"]},mediaSeekable:{get(t){var e;let{media:i}=t;if(!((e=i?.seekable)!=null&&e.length))return;let r=i.seekable.start(0),n=i.seekable.end(i.seekable.length-1);if(!(!r&&!n))return[Number(r.toFixed(3)),Number(n.toFixed(3))]},mediaEvents:["loadedmetadata","emptied","progress","seekablechange"]},mediaBuffered:{get(t){var e;let{media:i}=t,r=(e=i?.buffered)!=null?e:[];return Array.from(r).map((n,a)=>[Number(r.start(a).toFixed(3)),Number(r.end(a).toFixed(3))])},mediaEvents:["progress","emptied"]},mediaStreamType:{get(t){let{media:e,options:{defaultStreamType:i}={}}=t,r=[fe.LIVE,fe.ON_DEMAND].includes(i)?i:void 0;if(!e)return r;let{streamType:n}=e;if(md.includes(n))return n===fe.UNKNOWN?r:n;let a=e.duration;return a===1/0?fe.LIVE:Number.isFinite(a)?fe.ON_DEMAND:r},mediaEvents:["emptied","durationchange","loadedmetadata","streamtypechange"]},mediaTargetLiveWindow:{get(t){let{media:e}=t;if(!e)return Number.NaN;let{targetLiveWindow:i}=e,r=Wt.mediaStreamType.get(t);return(i==null||Number.isNaN(i))&&r===fe.LIVE?0:i},mediaEvents:["emptied","durationchange","loadedmetadata","streamtypechange","targetlivewindowchange"]},mediaTimeIsLive:{get(t){let{media:e,options:{liveEdgeOffset:i=10}={}}=t;if(!e)return!1;if(typeof e.liveEdgeStart=="number")return Number.isNaN(e.liveEdgeStart)?!1:e.currentTime>=e.liveEdgeStart;if(!(Wt.mediaStreamType.get(t)===fe.LIVE))return!1;let n=e.seekable;if(!n)return!0;if(!n.length)return!1;let a=n.end(n.length-1)-i;return e.currentTime>=a},mediaEvents:["playing","timeupdate","progress","waiting","emptied"]},mediaSubtitlesList:{get(t){return Bt(t).map(({kind:e,label:i,language:r})=>({kind:e,label:i,language:r}))},mediaEvents:["loadstart"],textTracksEvents:["addtrack","removetrack"]},mediaSubtitlesShowing:{get(t){return Xn(t).map(({kind:e,label:i,language:r})=>({kind:e,label:i,language:r}))},mediaEvents:["loadstart"],textTracksEvents:["addtrack","removetrack","change"],stateOwnersUpdateHandlers:[(t,e)=>{var i,r;let{media:n,options:a}=e;if(!n)return;let o=l=>{var c;!a.defaultSubtitles||l&&![ue.CAPTIONS,ue.SUBTITLES].includes((c=l?.track)==null?void 0:c.kind)||yr(e,!0)};return n.addEventListener("loadstart",o),(i=n.textTracks)==null||i.addEventListener("addtrack",o),(r=n.textTracks)==null||r.addEventListener("removetrack",o),()=>{var l,c;n.removeEventListener("loadstart",o),(l=n.textTracks)==null||l.removeEventListener("addtrack",o),(c=n.textTracks)==null||c.removeEventListener("removetrack",o)}}]},mediaChaptersCues:{get(t){var e;let{media:i}=t;if(!i)return[];let[r]=ft(i,{kind:ue.CHAPTERS});return Array.from((e=r?.cues)!=null?e:[]).map(({text:n,startTime:a,endTime:o})=>({text:vd(n),startTime:a,endTime:o}))},mediaEvents:["loadstart","loadedmetadata"],textTracksEvents:["addtrack","removetrack","change"],stateOwnersUpdateHandlers:[(t,e)=>{var i;let{media:r}=e;if(!r)return;let n=r.querySelector('track[kind="chapters"][default][src]'),a=(i=r.shadowRoot)==null?void 0:i.querySelector(':is(video,audio) > track[kind="chapters"][default][src]');return n?.addEventListener("load",t),a?.addEventListener("load",t),()=>{n?.removeEventListener("load",t),a?.removeEventListener("load",t)}}]},mediaIsPip:{get(t){var e,i;let{media:r,documentElement:n}=t;if(!r||!n||!n.pictureInPictureElement)return!1;if(n.pictureInPictureElement===r)return!0;if(n.pictureInPictureElement instanceof HTMLMediaElement)return(e=r.localName)!=null&&e.includes("-")?De(r,n.pictureInPictureElement):!1;if(n.pictureInPictureElement.localName.includes("-")){let a=n.pictureInPictureElement.shadowRoot;for(;a?.pictureInPictureElement;){if(a.pictureInPictureElement===r)return!0;a=(i=a.pictureInPictureElement)==null?void 0:i.shadowRoot}}return!1},set(t,e){let{media:i}=e;if(i)if(t){if(!z.pictureInPictureEnabled){console.warn("MediaChrome: Picture-in-picture is not enabled");return}if(!i.requestPictureInPicture){console.warn("MediaChrome: The current media does not support picture-in-picture");return}let r=()=>{console.warn("MediaChrome: The media is not ready for picture-in-picture. It must have a readyState > 0.")};i.requestPictureInPicture().catch(n=>{if(n.code===11){if(!i.src){console.warn("MediaChrome: The media is not ready for picture-in-picture. It must have a src set.");return}if(i.readyState===0&&i.preload==="none"){let a=()=>{i.removeEventListener("loadedmetadata",o),i.preload="none"},o=()=>{i.requestPictureInPicture().catch(r),a()};i.addEventListener("loadedmetadata",o),i.preload="metadata",setTimeout(()=>{i.readyState===0&&r(),a()},1e3)}else throw n}else throw n})}else z.pictureInPictureElement&&z.exitPictureInPicture()},mediaEvents:["enterpictureinpicture","leavepictureinpicture"]},mediaRenditionList:{get(t){var e;let{media:i}=t;return[...(e=i?.videoRenditions)!=null?e:[]].map(r=>({...r}))},mediaEvents:["emptied","loadstart"],videoRenditionsEvents:["addrendition","removerendition"]},mediaRenditionSelected:{get(t){var e,i,r;let{media:n}=t;return(r=(i=n?.videoRenditions)==null?void 0:i[(e=n.videoRenditions)==null?void 0:e.selectedIndex])==null?void 0:r.id},set(t,e){let{media:i}=e;if(!i?.videoRenditions){console.warn("MediaController: Rendition selection not supported by this media.");return}let r=t,n=Array.prototype.findIndex.call(i.videoRenditions,a=>a.id==r);i.videoRenditions.selectedIndex!=n&&(i.videoRenditions.selectedIndex=n)},mediaEvents:["emptied"],videoRenditionsEvents:["addrendition","removerendition","change"]},mediaAudioTrackList:{get(t){var e;let{media:i}=t;return[...(e=i?.audioTracks)!=null?e:[]]},mediaEvents:["emptied","loadstart"],audioTracksEvents:["addtrack","removetrack"]},mediaAudioTrackEnabled:{get(t){var e,i;let{media:r}=t;return(i=[...(e=r?.audioTracks)!=null?e:[]].find(n=>n.enabled))==null?void 0:i.id},set(t,e){let{media:i}=e;if(!i?.audioTracks){console.warn("MediaChrome: Audio track selection not supported by this media.");return}let r=t;for(let n of i.audioTracks)n.enabled=r==n.id},mediaEvents:["emptied"],audioTracksEvents:["addtrack","removetrack","change"]},mediaIsFullscreen:{get(t){return as(t)},set(t,e,i){var r,n;t?(rs(e),i.detail&&!((r=e.media)!=null&&r.inert)&&((n=e.media)==null||n.focus())):ns(e)},rootEvents:["fullscreenchange","webkitfullscreenchange"],mediaEvents:["webkitbeginfullscreen","webkitendfullscreen","webkitpresentationmodechanged"]},mediaIsCasting:{get(t){var e;let{media:i}=t;return!i?.remote||((e=i.remote)==null?void 0:e.state)==="disconnected"?!1:i.remote.state==="connected"},set(t,e){var i,r;let{media:n}=e;if(n&&!(t&&((i=n.remote)==null?void 0:i.state)!=="disconnected")&&!(!t&&((r=n.remote)==null?void 0:r.state)!=="connected")){if(typeof n.remote.prompt!="function"){console.warn("MediaChrome: Casting is not supported in this environment");return}n.remote.prompt().catch(()=>{})}},remoteEvents:["connect","connecting","disconnect"]},mediaIsAirplaying:{get(){return!1},set(t,e){let{media:i}=e;if(i){if(!(i.webkitShowPlaybackTargetPicker&&d.WebKitPlaybackTargetAvailabilityEvent)){console.error("MediaChrome: received a request to select AirPlay but AirPlay is not supported in this environment");return}i.webkitShowPlaybackTargetPicker()}},mediaEvents:["webkitcurrentplaybacktargetiswirelesschanged"]},mediaFullscreenUnavailable:{get(t){let{media:e}=t;if(!ls||!Zn(e))return he.UNSUPPORTED}},mediaPipUnavailable:{get(t){let{media:e}=t;if(!ds||!Qn(e))return he.UNSUPPORTED;if(e?.disablePictureInPicture)return he.UNAVAILABLE}},mediaVolumeUnavailable:{get(t){let{media:e}=t;if(wr===!1||e?.volume==null)return he.UNSUPPORTED},stateOwnersUpdateHandlers:[t=>{wr==null&&pd.then(e=>t(e?void 0:he.UNSUPPORTED))}]},mediaCastUnavailable:{get(t,{availability:e="not-available"}={}){var i;let{media:r}=t;if(!us||!((i=r?.remote)!=null&&i.state))return he.UNSUPPORTED;if(!(e==null||e==="available"))return he.UNAVAILABLE},stateOwnersUpdateHandlers:[(t,e)=>{var i;let{media:r}=e;return r?(r.disableRemotePlayback||r.hasAttribute("disableremoteplayback")||(i=r?.remote)==null||i.watchAvailability(a=>{t({availability:a?"available":"not-available"})}).catch(a=>{a.name==="NotSupportedError"?t({availability:null}):t({availability:"not-available"})}),()=>{var a;(a=r?.remote)==null||a.cancelWatchAvailability().catch(()=>{})}):void 0}]},mediaAirplayUnavailable:{get(t,e){if(!cs)return he.UNSUPPORTED;if(e?.availability==="not-available")return he.UNAVAILABLE},mediaEvents:["webkitplaybacktargetavailabilitychanged"],stateOwnersUpdateHandlers:[(t,e)=>{var i;let{media:r}=e;return r?(r.disableRemotePlayback||r.hasAttribute("disableremoteplayback")||(i=r?.remote)==null||i.watchAvailability(a=>{t({availability:a?"available":"not-available"})}).catch(a=>{a.name==="NotSupportedError"?t({availability:null}):t({availability:"not-available"})}),()=>{var a;(a=r?.remote)==null||a.cancelWatchAvailability().catch(()=>{})}):void 0}]},mediaRenditionUnavailable:{get(t){var e;let{media:i}=t;if(!i?.videoRenditions)return he.UNSUPPORTED;if(!((e=i.videoRenditions)!=null&&e.length))return he.UNAVAILABLE},mediaEvents:["emptied","loadstart"],videoRenditionsEvents:["addrendition","removerendition"]},mediaAudioTrackUnavailable:{get(t){var e,i;let{media:r}=t;if(!r?.audioTracks)return he.UNSUPPORTED;if(((i=(e=r.audioTracks)==null?void 0:e.length)!=null?i:0)<=1)return he.UNAVAILABLE},mediaEvents:["emptied","loadstart"],audioTracksEvents:["addtrack","removetrack"]},mediaLang:{get(t){let{options:{mediaLang:e}={}}=t;return e??"en"}}};var ms={[E.MEDIA_PREVIEW_REQUEST](t,e,{detail:i}){var r,n,a;let{media:o}=e,l=i??void 0,c,p;if(o&&l!=null){let[f]=ft(o,{kind:ue.METADATA,label:"thumbnails"}),b=Array.prototype.find.call((r=f?.cues)!=null?r:[],(_,L,y)=>L===0?_.endTime>l:L===y.length-1?_.startTime<=l:_.startTime<=l&&_.endTime>l);if(b){let _=/'^(?:[a-z]+:)?\/\//i.test(b.text)||(n=o?.querySelector('track[label="thumbnails"]'))==null?void 0:n.src,L=new URL(b.text,_);p=new URLSearchParams(L.hash).get("#xywh").split(",").map(A=>+A),c=L.href}}let m=t.mediaDuration.get(e),v=(a=t.mediaChaptersCues.get(e).find((f,b,_)=>b===_.length-1&&m===f.endTime?f.startTime<=l&&f.endTime>=l:f.startTime<=l&&f.endTime>l))==null?void 0:a.text;return i!=null&&v==null&&(v=""),{mediaPreviewTime:l,mediaPreviewImage:c,mediaPreviewCoords:p,mediaPreviewChapter:v}},[E.MEDIA_PAUSE_REQUEST](t,e){t["mediaPaused"].set(!0,e)},[E.MEDIA_PLAY_REQUEST](t,e){var i,r,n,a;let o="mediaPaused",c=t.mediaStreamType.get(e)===fe.LIVE,p=!((i=e.options)!=null&&i.noAutoSeekToLive),m=t.mediaTargetLiveWindow.get(e)>0;if(c&&p&&!m){let g=(r=t.mediaSeekable.get(e))==null?void 0:r[1];if(g){let v=(a=(n=e.options)==null?void 0:n.seekToLiveOffset)!=null?a:0,f=g-v;t.mediaCurrentTime.set(f,e)}}t[o].set(!1,e)},[E.MEDIA_PLAYBACK_RATE_REQUEST](t,e,{detail:i}){let r="mediaPlaybackRate",n=i;t[r].set(n,e)},[E.MEDIA_MUTE_REQUEST](t,e){t["mediaMuted"].set(!0,e)},[E.MEDIA_UNMUTE_REQUEST](t,e){let i="mediaMuted";t.mediaVolume.get(e)||t.mediaVolume.set(.25,e),t[i].set(!1,e)},[E.MEDIA_LOOP_REQUEST](t,e,{detail:i}){let r="mediaLoop",n=!!i;return t[r].set(n,e),{mediaLoop:n}},[E.MEDIA_VOLUME_REQUEST](t,e,{detail:i}){let r="mediaVolume",n=i;n&&t.mediaMuted.get(e)&&t.mediaMuted.set(!1,e),t[r].set(n,e)},[E.MEDIA_SEEK_REQUEST](t,e,{detail:i}){let r="mediaCurrentTime",n=i;t[r].set(n,e)},[E.MEDIA_SEEK_TO_LIVE_REQUEST](t,e){var i,r,n;let a="mediaCurrentTime",o=(i=t.mediaSeekable.get(e))==null?void 0:i[1];if(Number.isNaN(Number(o)))return;let l=(n=(r=e.options)==null?void 0:r.seekToLiveOffset)!=null?n:0,c=o-l;t[a].set(c,e)},[E.MEDIA_SHOW_SUBTITLES_REQUEST](t,e,{detail:i}){var r;let{options:n}=e,a=Bt(e),o=Yn(i),l=(r=o[0])==null?void 0:r.language;l&&!n.noSubtitlesLangPref&&d.localStorage.setItem("media-chrome-pref-subtitles-lang",l),pt(qe.SHOWING,a,o)},[E.MEDIA_DISABLE_SUBTITLES_REQUEST](t,e,{detail:i}){let r=Bt(e),n=i??[];pt(qe.DISABLED,r,n)},[E.MEDIA_TOGGLE_SUBTITLES_REQUEST](t,e,{detail:i}){yr(e,i)},[E.MEDIA_RENDITION_REQUEST](t,e,{detail:i}){let r="mediaRenditionSelected",n=i;t[r].set(n,e)},[E.MEDIA_AUDIO_TRACK_REQUEST](t,e,{detail:i}){let r="mediaAudioTrackEnabled",n=i;t[r].set(n,e)},[E.MEDIA_ENTER_PIP_REQUEST](t,e){let i="mediaIsPip";t.mediaIsFullscreen.get(e)&&t.mediaIsFullscreen.set(!1,e),t[i].set(!0,e)},[E.MEDIA_EXIT_PIP_REQUEST](t,e){t["mediaIsPip"].set(!1,e)},[E.MEDIA_ENTER_FULLSCREEN_REQUEST](t,e,i){let r="mediaIsFullscreen";t.mediaIsPip.get(e)&&t.mediaIsPip.set(!1,e),t[r].set(!0,e,i)},[E.MEDIA_EXIT_FULLSCREEN_REQUEST](t,e){t["mediaIsFullscreen"].set(!1,e)},[E.MEDIA_ENTER_CAST_REQUEST](t,e){let i="mediaIsCasting";t.mediaIsFullscreen.get(e)&&t.mediaIsFullscreen.set(!1,e),t[i].set(!0,e)},[E.MEDIA_EXIT_CAST_REQUEST](t,e){t["mediaIsCasting"].set(!1,e)},[E.MEDIA_AIRPLAY_REQUEST](t,e){t["mediaIsAirplaying"].set(!0,e)}};var ps=({media:t,fullscreenElement:e,documentElement:i,stateMediator:r=Wt,requestMap:n=ms,options:a={},monitorStateOwnersOnlyWithSubscriptions:o=!0})=>{let l=[],c={options:{...a}},p=Object.freeze({mediaPreviewTime:void 0,mediaPreviewImage:void 0,mediaPreviewCoords:void 0,mediaPreviewChapter:void 0}),m=_=>{_!=null&&(Sr(_,p)||(p=Object.freeze({...p,..._}),l.forEach(L=>L(p))))},g=()=>{let _=Object.entries(r).reduce((L,[y,{get:A}])=>(L[y]=A(c),L),{});m(_)},v={},f,b=async(_,L)=>{var y,A,k,C,H,ie,de,ot,T,Te,J,st,qa,Ya,za,Qa;let Il=!!f;if(f={...c,...f??{},..._},Il)return;await hs(...Object.values(_));let wt=l.length>0&&L===0&&o,Za=c.media!==f.media,Xa=((y=c.media)==null?void 0:y.textTracks)!==((A=f.media)==null?void 0:A.textTracks),Ja=((k=c.media)==null?void 0:k.videoRenditions)!==((C=f.media)==null?void 0:C.videoRenditions),ja=((H=c.media)==null?void 0:H.audioTracks)!==((ie=f.media)==null?void 0:ie.audioTracks),eo=((de=c.media)==null?void 0:de.remote)!==((ot=f.media)==null?void 0:ot.remote),to=c.documentElement!==f.documentElement,io=!!c.media&&(Za||wt),ro=!!((T=c.media)!=null&&T.textTracks)&&(Xa||wt),no=!!((Te=c.media)!=null&&Te.videoRenditions)&&(Ja||wt),ao=!!((J=c.media)!=null&&J.audioTracks)&&(ja||wt),oo=!!((st=c.media)!=null&&st.remote)&&(eo||wt),so=!!c.documentElement&&(to||wt),wn=io||ro||no||ao||oo||so,kt=l.length===0&&L===1&&o,lo=!!f.media&&(Za||kt),co=!!((qa=f.media)!=null&&qa.textTracks)&&(Xa||kt),uo=!!((Ya=f.media)!=null&&Ya.videoRenditions)&&(Ja||kt),ho=!!((za=f.media)!=null&&za.audioTracks)&&(ja||kt),mo=!!((Qa=f.media)!=null&&Qa.remote)&&(eo||kt),po=!!f.documentElement&&(to||kt),fo=lo||co||uo||ho||mo||po;if(!(wn||fo)){Object.entries(f).forEach(([U,oi])=>{c[U]=oi}),g(),f=void 0;return}Object.entries(r).forEach(([U,{get:oi,mediaEvents:Ll=[],textTracksEvents:Ml=[],videoRenditionsEvents:Rl=[],audioTracksEvents:Cl=[],remoteEvents:Dl=[],rootEvents:xl=[],stateOwnersUpdateHandlers:Ol=[]}])=>{v[U]||(v[U]={});let me=W=>{let Y=oi(c,W);m({[U]:Y})},j;j=v[U].mediaEvents,Ll.forEach(W=>{j&&io&&(c.media.removeEventListener(W,j),v[U].mediaEvents=void 0),lo&&(f.media.addEventListener(W,me),v[U].mediaEvents=me)}),j=v[U].textTracksEvents,Ml.forEach(W=>{var Y,ye;j&&ro&&((Y=c.media.textTracks)==null||Y.removeEventListener(W,j),v[U].textTracksEvents=void 0),co&&((ye=f.media.textTracks)==null||ye.addEventListener(W,me),v[U].textTracksEvents=me)}),j=v[U].videoRenditionsEvents,Rl.forEach(W=>{var Y,ye;j&&no&&((Y=c.media.videoRenditions)==null||Y.removeEventListener(W,j),v[U].videoRenditionsEvents=void 0),uo&&((ye=f.media.videoRenditions)==null||ye.addEventListener(W,me),v[U].videoRenditionsEvents=me)}),j=v[U].audioTracksEvents,Cl.forEach(W=>{var Y,ye;j&&ao&&((Y=c.media.audioTracks)==null||Y.removeEventListener(W,j),v[U].audioTracksEvents=void 0),ho&&((ye=f.media.audioTracks)==null||ye.addEventListener(W,me),v[U].audioTracksEvents=me)}),j=v[U].remoteEvents,Dl.forEach(W=>{var Y,ye;j&&oo&&((Y=c.media.remote)==null||Y.removeEventListener(W,j),v[U].remoteEvents=void 0),mo&&((ye=f.media.remote)==null||ye.addEventListener(W,me),v[U].remoteEvents=me)}),j=v[U].rootEvents,xl.forEach(W=>{j&&so&&(c.documentElement.removeEventListener(W,j),v[U].rootEvents=void 0),po&&(f.documentElement.addEventListener(W,me),v[U].rootEvents=me)});let Qi=v[U].stateOwnersUpdateHandlers;if(Qi&&wn&&(Array.isArray(Qi)?Qi:[Qi]).forEach(Y=>{typeof Y=="function"&&Y()}),fo){let W=Ol.map(Y=>Y(me,f)).filter(Y=>typeof Y=="function");v[U].stateOwnersUpdateHandlers=W.length===1?W[0]:W}else wn&&(v[U].stateOwnersUpdateHandlers=void 0)}),Object.entries(f).forEach(([U,oi])=>{c[U]=oi}),g(),f=void 0};return b({media:t,fullscreenElement:e,documentElement:i,options:a}),{dispatch(_){let{type:L,detail:y}=_;if(n[L]&&p.mediaErrorCode==null){m(n[L](r,c,_));return}L==="mediaelementchangerequest"?b({media:y}):L==="fullscreenelementchangerequest"?b({fullscreenElement:y}):L==="documentelementchangerequest"?b({documentElement:y}):L==="optionschangerequest"&&(Object.entries(y??{}).forEach(([A,k])=>{c.options[A]=k}),g())},getState(){return p},subscribe(_){return b({},l.length+1),l.push(_),_(p),()=>{let L=l.indexOf(_);L>=0&&(b({},l.length-1),l.splice(L,1))}}}};var ra=(t,e,i)=>{if(!e.has(t))throw TypeError("Cannot "+i)},S=(t,e,i)=>(ra(t,e,"read from private field"),i?i.call(t):e.get(t)),ve=(t,e,i)=>{if(e.has(t))throw TypeError("Cannot add the same private member more than once");e instanceof WeakSet?e.add(t):e.set(t,i)},Ie=(t,e,i,r)=>(ra(t,e,"write to private field"),r?r.call(t,i):e.set(t,i),i),Je=(t,e,i)=>(ra(t,e,"access private method"),i),Ge,bi,x,Ee,_i,xe,kr,Ai,Ir,Jn,Et,Lr,jn,Ti,Mr,ea,As,Ts=["ArrowLeft","ArrowRight","ArrowUp","ArrowDown","Enter"," ","f","m","k","c","l","j",">","<","p"],fs=10,vs=.025,Es=.25,Ed=.25,gd=2,h={DEFAULT_SUBTITLES:"defaultsubtitles",DEFAULT_STREAM_TYPE:"defaultstreamtype",DEFAULT_DURATION:"defaultduration",FULLSCREEN_ELEMENT:"fullscreenelement",HOTKEYS:"hotkeys",KEYBOARD_BACKWARD_SEEK_OFFSET:"keyboardbackwardseekoffset",KEYBOARD_FORWARD_SEEK_OFFSET:"keyboardforwardseekoffset",KEYBOARD_DOWN_VOLUME_STEP:"keyboarddownvolumestep",KEYBOARD_UP_VOLUME_STEP:"keyboardupvolumestep",KEYS_USED:"keysused",LANG:"lang",LOOP:"loop",LIVE_EDGE_OFFSET:"liveedgeoffset",NO_AUTO_SEEK_TO_LIVE:"noautoseektolive",NO_DEFAULT_STORE:"nodefaultstore",NO_HOTKEYS:"nohotkeys",NO_MUTED_PREF:"nomutedpref",NO_SUBTITLES_LANG_PREF:"nosubtitleslangpref",NO_VOLUME_PREF:"novolumepref",SEEK_TO_LIVE_OFFSET:"seektoliveoffset"},ta=class extends dt{constructor(){super(),ve(this,Ir),ve(this,Lr),ve(this,Ti),ve(this,ea),this.mediaStateReceivers=[],this.associatedElementSubscriptions=new Map,ve(this,Ge,new _r(this,h.HOTKEYS)),ve(this,bi,void 0),ve(this,x,void 0),ve(this,Ee,null),ve(this,_i,void 0),ve(this,xe,void 0),ve(this,kr,i=>{var r;(r=S(this,x))==null||r.dispatch(i)}),ve(this,Ai,void 0),ve(this,Et,i=>{let{key:r,shiftKey:n}=i;if(!(n&&(r==="/"||r==="?")||Ts.includes(r))){this.removeEventListener("keyup",S(this,Et));return}this.keyboardShortcutHandler(i)}),this.associateElement(this);let e={};Ie(this,_i,i=>{Object.entries(i).forEach(([r,n])=>{if(r in e&&e[r]===n)return;this.propagateMediaState(r,n);let a=r.toLowerCase(),o=new d.CustomEvent(Mo[a],{composed:!0,detail:n});this.dispatchEvent(o)}),e=i})}static get observedAttributes(){return super.observedAttributes.concat(h.NO_HOTKEYS,h.HOTKEYS,h.DEFAULT_STREAM_TYPE,h.DEFAULT_SUBTITLES,h.DEFAULT_DURATION,h.NO_MUTED_PREF,h.NO_VOLUME_PREF,h.LANG,h.LOOP,h.LIVE_EDGE_OFFSET,h.SEEK_TO_LIVE_OFFSET,h.NO_AUTO_SEEK_TO_LIVE)}get mediaStore(){return S(this,x)}set mediaStore(e){var i,r;if(S(this,x)&&((i=S(this,xe))==null||i.call(this),Ie(this,xe,void 0)),Ie(this,x,e),!S(this,x)&&!this.hasAttribute(h.NO_DEFAULT_STORE)){Je(this,Ir,Jn).call(this);return}Ie(this,xe,(r=S(this,x))==null?void 0:r.subscribe(S(this,_i)))}get fullscreenElement(){var e;return(e=S(this,bi))!=null?e:this}set fullscreenElement(e){var i;this.hasAttribute(h.FULLSCREEN_ELEMENT)&&this.removeAttribute(h.FULLSCREEN_ELEMENT),Ie(this,bi,e),(i=S(this,x))==null||i.dispatch({type:"fullscreenelementchangerequest",detail:this.fullscreenElement})}get defaultSubtitles(){return M(this,h.DEFAULT_SUBTITLES)}set defaultSubtitles(e){R(this,h.DEFAULT_SUBTITLES,e)}get defaultStreamType(){return P(this,h.DEFAULT_STREAM_TYPE)}set defaultStreamType(e){O(this,h.DEFAULT_STREAM_TYPE,e)}get defaultDuration(){return $(this,h.DEFAULT_DURATION)}set defaultDuration(e){G(this,h.DEFAULT_DURATION,e)}get noHotkeys(){return M(this,h.NO_HOTKEYS)}set noHotkeys(e){R(this,h.NO_HOTKEYS,e)}get keysUsed(){return P(this,h.KEYS_USED)}set keysUsed(e){O(this,h.KEYS_USED,e)}get liveEdgeOffset(){return $(this,h.LIVE_EDGE_OFFSET)}set liveEdgeOffset(e){G(this,h.LIVE_EDGE_OFFSET,e)}get noAutoSeekToLive(){return M(this,h.NO_AUTO_SEEK_TO_LIVE)}set noAutoSeekToLive(e){R(this,h.NO_AUTO_SEEK_TO_LIVE,e)}get noVolumePref(){return M(this,h.NO_VOLUME_PREF)}set noVolumePref(e){R(this,h.NO_VOLUME_PREF,e)}get noMutedPref(){return M(this,h.NO_MUTED_PREF)}set noMutedPref(e){R(this,h.NO_MUTED_PREF,e)}get noSubtitlesLangPref(){return M(this,h.NO_SUBTITLES_LANG_PREF)}set noSubtitlesLangPref(e){R(this,h.NO_SUBTITLES_LANG_PREF,e)}get noDefaultStore(){return M(this,h.NO_DEFAULT_STORE)}set noDefaultStore(e){R(this,h.NO_DEFAULT_STORE,e)}get resolvedLang(){return $o()}attributeChangedCallback(e,i,r){var n,a,o,l,c,p,m,g,v,f,b,_;if(super.attributeChangedCallback(e,i,r),e===h.NO_HOTKEYS)r!==i&&r===""?(this.hasAttribute(h.HOTKEYS)&&console.warn("Media Chrome: Both `hotkeys` and `nohotkeys` have been set. All hotkeys will be disabled."),this.disableHotkeys()):r!==i&&r===null&&this.enableHotkeys(),Je(this,Ti,Mr).call(this);else if(e===h.HOTKEYS)S(this,Ge).value=r,Je(this,Ti,Mr).call(this);else if(e===h.DEFAULT_SUBTITLES&&r!==i)(n=S(this,x))==null||n.dispatch({type:"optionschangerequest",detail:{defaultSubtitles:this.hasAttribute(h.DEFAULT_SUBTITLES)}});else if(e===h.DEFAULT_STREAM_TYPE)(o=S(this,x))==null||o.dispatch({type:"optionschangerequest",detail:{defaultStreamType:(a=this.getAttribute(h.DEFAULT_STREAM_TYPE))!=null?a:void 0}});else if(e===h.LIVE_EDGE_OFFSET&&r!==i)(l=S(this,x))==null||l.dispatch({type:"optionschangerequest",detail:{liveEdgeOffset:this.hasAttribute(h.LIVE_EDGE_OFFSET)?+this.getAttribute(h.LIVE_EDGE_OFFSET):void 0,seekToLiveOffset:this.hasAttribute(h.SEEK_TO_LIVE_OFFSET)?+this.getAttribute(h.SEEK_TO_LIVE_OFFSET):this.hasAttribute(h.LIVE_EDGE_OFFSET)?+this.getAttribute(h.LIVE_EDGE_OFFSET):void 0}});else if(e===h.SEEK_TO_LIVE_OFFSET&&r!==i)(c=S(this,x))==null||c.dispatch({type:"optionschangerequest",detail:{seekToLiveOffset:this.hasAttribute(h.SEEK_TO_LIVE_OFFSET)?+this.getAttribute(h.SEEK_TO_LIVE_OFFSET):this.hasAttribute(h.LIVE_EDGE_OFFSET)?+this.getAttribute(h.LIVE_EDGE_OFFSET):void 0}});else if(e===h.NO_AUTO_SEEK_TO_LIVE)(p=S(this,x))==null||p.dispatch({type:"optionschangerequest",detail:{noAutoSeekToLive:this.hasAttribute(h.NO_AUTO_SEEK_TO_LIVE)}});else if(e===h.FULLSCREEN_ELEMENT){let L=r?(m=this.getRootNode())==null?void 0:m.getElementById(r):void 0;Ie(this,bi,L),(g=S(this,x))==null||g.dispatch({type:"fullscreenelementchangerequest",detail:this.fullscreenElement})}else e===h.LANG&&r!==i?(Ho(r),(v=S(this,x))==null||v.dispatch({type:"optionschangerequest",detail:{mediaLang:r}})):e===h.LOOP&&r!==i?(f=S(this,x))==null||f.dispatch({type:E.MEDIA_LOOP_REQUEST,detail:r!=null}):e===h.NO_VOLUME_PREF&&r!==i?(b=S(this,x))==null||b.dispatch({type:"optionschangerequest",detail:{noVolumePref:this.hasAttribute(h.NO_VOLUME_PREF)}}):e===h.NO_MUTED_PREF&&r!==i&&((_=S(this,x))==null||_.dispatch({type:"optionschangerequest",detail:{noMutedPref:this.hasAttribute(h.NO_MUTED_PREF)}}))}connectedCallback(){var e,i,r;this.associateElement(this),!S(this,x)&&!this.hasAttribute(h.NO_DEFAULT_STORE)&&Je(this,Ir,Jn).call(this),(e=S(this,x))==null||e.dispatch({type:"documentelementchangerequest",detail:z}),(i=S(this,x))==null||i.dispatch({type:"fullscreenelementchangerequest",detail:this.fullscreenElement}),super.connectedCallback(),S(this,x)&&!S(this,xe)&&Ie(this,xe,(r=S(this,x))==null?void 0:r.subscribe(S(this,_i))),S(this,Ai)!==void 0&&S(this,x)&&this.media&&setTimeout(()=>{var n,a,o;(a=(n=this.media)==null?void 0:n.textTracks)!=null&&a.length&&((o=S(this,x))==null||o.dispatch({type:E.MEDIA_TOGGLE_SUBTITLES_REQUEST,detail:S(this,Ai)}))},0),this.hasAttribute(h.NO_HOTKEYS)?this.disableHotkeys():this.enableHotkeys()}disconnectedCallback(){var e,i,r,n,a,o;if((e=super.disconnectedCallback)==null||e.call(this),this.disableHotkeys(),S(this,x)){let l=S(this,x).getState();Ie(this,Ai,!!((i=l.mediaSubtitlesShowing)!=null&&i.length)),(r=S(this,x))==null||r.dispatch({type:"fullscreenelementchangerequest",detail:void 0}),(n=S(this,x))==null||n.dispatch({type:"documentelementchangerequest",detail:void 0}),(a=S(this,x))==null||a.dispatch({type:E.MEDIA_TOGGLE_SUBTITLES_REQUEST,detail:!1})}S(this,xe)&&((o=S(this,xe))==null||o.call(this),Ie(this,xe,void 0)),this.unassociateElement(this),S(this,Ee)&&(S(this,Ee).remove(),Ie(this,Ee,null))}mediaSetCallback(e){var i;super.mediaSetCallback(e),(i=S(this,x))==null||i.dispatch({type:"mediaelementchangerequest",detail:e}),e.hasAttribute("tabindex")||(e.tabIndex=-1)}mediaUnsetCallback(e){var i;super.mediaUnsetCallback(e),(i=S(this,x))==null||i.dispatch({type:"mediaelementchangerequest",detail:void 0})}propagateMediaState(e,i){_s(this.mediaStateReceivers,e,i)}associateElement(e){if(!e)return;let{associatedElementSubscriptions:i}=this;if(i.has(e))return;let r=this.registerMediaStateReceiver.bind(this),n=this.unregisterMediaStateReceiver.bind(this),a=Sd(e,r,n);Object.values(E).forEach(o=>{e.addEventListener(o,S(this,kr))}),i.set(e,a)}unassociateElement(e){if(!e)return;let{associatedElementSubscriptions:i}=this;if(!i.has(e))return;i.get(e)(),i.delete(e),Object.values(E).forEach(n=>{e.removeEventListener(n,S(this,kr))})}registerMediaStateReceiver(e){if(!e)return;let i=this.mediaStateReceivers;i.indexOf(e)>-1||(i.push(e),S(this,x)&&Object.entries(S(this,x).getState()).forEach(([n,a])=>{_s([e],n,a)}))}unregisterMediaStateReceiver(e){let i=this.mediaStateReceivers,r=i.indexOf(e);r<0||i.splice(r,1)}enableHotkeys(){this.addEventListener("keydown",Je(this,Lr,jn))}disableHotkeys(){this.removeEventListener("keydown",Je(this,Lr,jn)),this.removeEventListener("keyup",S(this,Et))}get hotkeys(){return S(this,Ge)}set hotkeys(e){O(this,h.HOTKEYS,e)}keyboardShortcutHandler(e){var i,r,n,a,o,l,c,p,m;let g=e.target;if(((n=(r=(i=g.getAttribute(h.KEYS_USED))==null?void 0:i.split(" "))!=null?r:g?.keysUsed)!=null?n:[]).map(y=>y==="Space"?" ":y).filter(Boolean).includes(e.key))return;let f,b,_;if(!(S(this,Ge).contains(Er(e.key))||e.shiftKey&&(e.key==="/"||e.key==="?")&&S(this,Ge).contains("noshift+/")))switch(e.key){case" ":case"k":f=S(this,x).getState().mediaPaused?E.MEDIA_PLAY_REQUEST:E.MEDIA_PAUSE_REQUEST,this.dispatchEvent(new d.CustomEvent(f,{composed:!0,bubbles:!0}));break;case"m":f=this.mediaStore.getState().mediaVolumeLevel==="off"?E.MEDIA_UNMUTE_REQUEST:E.MEDIA_MUTE_REQUEST,this.dispatchEvent(new d.CustomEvent(f,{composed:!0,bubbles:!0}));break;case"f":f=this.mediaStore.getState().mediaIsFullscreen?E.MEDIA_EXIT_FULLSCREEN_REQUEST:E.MEDIA_ENTER_FULLSCREEN_REQUEST,this.dispatchEvent(new d.CustomEvent(f,{composed:!0,bubbles:!0}));break;case"c":this.dispatchEvent(new d.CustomEvent(E.MEDIA_TOGGLE_SUBTITLES_REQUEST,{composed:!0,bubbles:!0}));break;case"ArrowLeft":case"j":{let y=this.hasAttribute(h.KEYBOARD_BACKWARD_SEEK_OFFSET)?+this.getAttribute(h.KEYBOARD_BACKWARD_SEEK_OFFSET):fs;b=Math.max(((a=this.mediaStore.getState().mediaCurrentTime)!=null?a:0)-y,0),_=new d.CustomEvent(E.MEDIA_SEEK_REQUEST,{composed:!0,bubbles:!0,detail:b}),this.dispatchEvent(_);break}case"ArrowRight":case"l":{let y=this.hasAttribute(h.KEYBOARD_FORWARD_SEEK_OFFSET)?+this.getAttribute(h.KEYBOARD_FORWARD_SEEK_OFFSET):fs;b=Math.max(((o=this.mediaStore.getState().mediaCurrentTime)!=null?o:0)+y,0),_=new d.CustomEvent(E.MEDIA_SEEK_REQUEST,{composed:!0,bubbles:!0,detail:b}),this.dispatchEvent(_);break}case"ArrowUp":{let y=this.hasAttribute(h.KEYBOARD_UP_VOLUME_STEP)?+this.getAttribute(h.KEYBOARD_UP_VOLUME_STEP):vs;b=Math.min(((l=this.mediaStore.getState().mediaVolume)!=null?l:1)+y,1),_=new d.CustomEvent(E.MEDIA_VOLUME_REQUEST,{composed:!0,bubbles:!0,detail:b}),this.dispatchEvent(_);break}case"ArrowDown":{let y=this.hasAttribute(h.KEYBOARD_DOWN_VOLUME_STEP)?+this.getAttribute(h.KEYBOARD_DOWN_VOLUME_STEP):vs;b=Math.max(((c=this.mediaStore.getState().mediaVolume)!=null?c:1)-y,0),_=new d.CustomEvent(E.MEDIA_VOLUME_REQUEST,{composed:!0,bubbles:!0,detail:b}),this.dispatchEvent(_);break}case"<":{let y=(p=this.mediaStore.getState().mediaPlaybackRate)!=null?p:1;b=Math.max(y-Es,Ed).toFixed(2),_=new d.CustomEvent(E.MEDIA_PLAYBACK_RATE_REQUEST,{composed:!0,bubbles:!0,detail:b}),this.dispatchEvent(_);break}case">":{let y=(m=this.mediaStore.getState().mediaPlaybackRate)!=null?m:1;b=Math.min(y+Es,gd).toFixed(2),_=new d.CustomEvent(E.MEDIA_PLAYBACK_RATE_REQUEST,{composed:!0,bubbles:!0,detail:b}),this.dispatchEvent(_);break}case"/":case"?":{e.shiftKey&&Je(this,ea,As).call(this);break}case"p":{f=this.mediaStore.getState().mediaIsPip?E.MEDIA_EXIT_PIP_REQUEST:E.MEDIA_ENTER_PIP_REQUEST,_=new d.CustomEvent(f,{composed:!0,bubbles:!0}),this.dispatchEvent(_);break}default:break}}};Ge=new WeakMap;bi=new WeakMap;x=new WeakMap;Ee=new WeakMap;_i=new WeakMap;xe=new WeakMap;kr=new WeakMap;Ai=new WeakMap;Ir=new WeakSet;Jn=function(){var t;this.mediaStore=ps({media:this.media,fullscreenElement:this.fullscreenElement,options:{defaultSubtitles:this.hasAttribute(h.DEFAULT_SUBTITLES),defaultDuration:this.hasAttribute(h.DEFAULT_DURATION)?+this.getAttribute(h.DEFAULT_DURATION):void 0,defaultStreamType:(t=this.getAttribute(h.DEFAULT_STREAM_TYPE))!=null?t:void 0,liveEdgeOffset:this.hasAttribute(h.LIVE_EDGE_OFFSET)?+this.getAttribute(h.LIVE_EDGE_OFFSET):void 0,seekToLiveOffset:this.hasAttribute(h.SEEK_TO_LIVE_OFFSET)?+this.getAttribute(h.SEEK_TO_LIVE_OFFSET):this.hasAttribute(h.LIVE_EDGE_OFFSET)?+this.getAttribute(h.LIVE_EDGE_OFFSET):void 0,noAutoSeekToLive:this.hasAttribute(h.NO_AUTO_SEEK_TO_LIVE),noVolumePref:this.hasAttribute(h.NO_VOLUME_PREF),noMutedPref:this.hasAttribute(h.NO_MUTED_PREF),noSubtitlesLangPref:this.hasAttribute(h.NO_SUBTITLES_LANG_PREF)}})};Et=new WeakMap;Lr=new WeakSet;jn=function(t){var e;let{metaKey:i,altKey:r,key:n,shiftKey:a}=t,o=a&&(n==="/"||n==="?");if(o&&((e=S(this,Ee))!=null&&e.open)){this.removeEventListener("keyup",S(this,Et));return}if(i||r||!o&&!Ts.includes(n)){this.removeEventListener("keyup",S(this,Et));return}let l=t.target,c=l instanceof HTMLElement&&(l.tagName.toLowerCase()==="media-volume-range"||l.tagName.toLowerCase()==="media-time-range");[" ","ArrowLeft","ArrowRight","ArrowUp","ArrowDown"].includes(n)&&!S(this,Ge).contains(Er(n))&&!c&&t.preventDefault(),this.addEventListener("keyup",S(this,Et),{once:!0})};Ti=new WeakSet;Mr=function(){S(this,Ee)&&(S(this,Ee).hotkeys=S(this,Ge).value||void 0,(this.noHotkeys||S(this,Ge).contains("noshift+/"))&&(S(this,Ee).open=!1))};ea=new WeakSet;As=function(){S(this,Ee)||(Ie(this,Ee,z.createElement("media-keyboard-shortcuts-dialog")),Je(this,Ti,Mr).call(this),this.appendChild(S(this,Ee))),S(this,Ee).open=!0};var bd=Object.values(s),_d=Object.values(Ln),ys=t=>{var e,i,r,n;let{observedAttributes:a}=t.constructor;!a&&((e=t.nodeName)!=null&&e.includes("-"))&&(d.customElements.upgrade(t),{observedAttributes:a}=t.constructor);let o=(n=(r=(i=t?.getAttribute)==null?void 0:i.call(t,D.MEDIA_CHROME_ATTRIBUTES))==null?void 0:r.split)==null?void 0:n.call(r,/\s+/);return Array.isArray(a||o)?(a||o).filter(l=>bd.includes(l)):[]},Ad=t=>{var e,i;return(e=t.nodeName)!=null&&e.includes("-")&&d.customElements.get((i=t.nodeName)==null?void 0:i.toLowerCase())&&!(t instanceof d.customElements.get(t.nodeName.toLowerCase()))&&d.customElements.upgrade(t),_d.some(r=>r in t)},ia=t=>Ad(t)||!!ys(t).length,gs=t=>{var e;return(e=t?.join)==null?void 0:e.call(t,":")},bs={[s.MEDIA_SUBTITLES_LIST]:Ei,[s.MEDIA_SUBTITLES_SHOWING]:Ei,[s.MEDIA_SEEKABLE]:gs,[s.MEDIA_BUFFERED]:t=>t?.map(gs).join(" "),[s.MEDIA_PREVIEW_COORDS]:t=>t?.join(" "),[s.MEDIA_RENDITION_LIST]:Xo,[s.MEDIA_AUDIO_TRACK_LIST]:Jo},Td=async(t,e,i)=>{var r,n;if(t.isConnected||await Ar(0),typeof i=="boolean"||i==null)return R(t,e,i);if(typeof i=="number")return G(t,e,i);if(typeof i=="string")return O(t,e,i);if(Array.isArray(i)&&!i.length)return t.removeAttribute(e);let a=(n=(r=bs[e])==null?void 0:r.call(bs,i))!=null?n:i;return t.setAttribute(e,a)},yd=t=>{var e;return!!((e=t.closest)!=null&&e.call(t,'*[slot="media"]'))},vt=(t,e)=>{if(yd(t))return;let i=(n,a)=>{var o,l;ia(n)&&a(n);let{children:c=[]}=n??{},p=(l=(o=n?.shadowRoot)==null?void 0:o.children)!=null?l:[];[...c,...p].forEach(g=>vt(g,a))},r=t?.nodeName.toLowerCase();if(r.includes("-")&&!ia(t)){d.customElements.whenDefined(r).then(()=>{i(t,e)});return}i(t,e)},_s=(t,e,i)=>{t.forEach(r=>{if(e in r){r[e]=i;return}let n=ys(r),a=e.toLowerCase();n.includes(a)&&Td(r,a,i)})},Sd=(t,e,i)=>{vt(t,e);let r=m=>{var g;let v=(g=m?.composedPath()[0])!=null?g:m.target;e(v)},n=m=>{var g;let v=(g=m?.composedPath()[0])!=null?g:m.target;i(v)};t.addEventListener(E.REGISTER_MEDIA_STATE_RECEIVER,r),t.addEventListener(E.UNREGISTER_MEDIA_STATE_RECEIVER,n);let a=m=>{m.forEach(g=>{let{addedNodes:v=[],removedNodes:f=[],type:b,target:_,attributeName:L}=g;b==="childList"?(Array.prototype.forEach.call(v,y=>vt(y,e)),Array.prototype.forEach.call(f,y=>vt(y,i))):b==="attributes"&&L===D.MEDIA_CHROME_ATTRIBUTES&&(ia(_)?e(_):i(_))})},o=[],l=m=>{let g=m.target;g.name!=="media"&&(o.forEach(v=>vt(v,i)),o=[...g.assignedElements({flatten:!0})],o.forEach(v=>vt(v,e)))};t.addEventListener("slotchange",l);let c=new MutationObserver(a);return c.observe(t,{childList:!0,attributes:!0,subtree:!0}),()=>{vt(t,i),t.removeEventListener("slotchange",l),c.disconnect(),t.removeEventListener(E.REGISTER_MEDIA_STATE_RECEIVER,r),t.removeEventListener(E.UNREGISTER_MEDIA_STATE_RECEIVER,n)}};d.customElements.get("media-controller")||d.customElements.define("media-controller",ta);var Ss=(t,e,i)=>{if(!e.has(t))throw TypeError("Cannot "+i)},Rr=(t,e,i)=>(Ss(t,e,"read from private field"),i?i.call(t):e.get(t)),wd=(t,e,i)=>{if(e.has(t))throw TypeError("Cannot add the same private member more than once");e instanceof WeakSet?e.add(t):e.set(t,i)},Cr=(t,e,i,r)=>(Ss(t,e,"write to private field"),r?r.call(t,i):e.set(t,i),i),Oe;function kd(t){return`
    <style>
      :host {
        
        box-sizing: border-box;
        display: var(--media-control-display, var(--media-control-bar-display, inline-flex));
        color: var(--media-text-color, var(--media-primary-color, rgb(238 238 238)));
        --media-loading-indicator-icon-height: 44px;
      }

      ::slotted(media-time-range),
      ::slotted(media-volume-range) {
        min-height: 100%;
      }

      ::slotted(media-time-range),
      ::slotted(media-clip-selector) {
        flex-grow: 1;
      }

      ::slotted([role="menu"]) {
        position: absolute;
      }
    </style>

    <slot></slot>
  `}var yi=class extends d.HTMLElement{constructor(){if(super(),wd(this,Oe,void 0),!this.shadowRoot){this.attachShadow(this.constructor.shadowRootOptions);let e=Q(this.attributes);this.shadowRoot.innerHTML=this.constructor.getTemplateHTML(e)}}static get observedAttributes(){return[D.MEDIA_CONTROLLER]}attributeChangedCallback(e,i,r){var n,a,o,l,c;e===D.MEDIA_CONTROLLER&&(i&&((a=(n=Rr(this,Oe))==null?void 0:n.unassociateElement)==null||a.call(n,this),Cr(this,Oe,null)),r&&this.isConnected&&(Cr(this,Oe,(o=this.getRootNode())==null?void 0:o.getElementById(r)),(c=(l=Rr(this,Oe))==null?void 0:l.associateElement)==null||c.call(l,this)))}connectedCallback(){var e,i,r;let n=this.getAttribute(D.MEDIA_CONTROLLER);n&&(Cr(this,Oe,(e=this.getRootNode())==null?void 0:e.getElementById(n)),(r=(i=Rr(this,Oe))==null?void 0:i.associateElement)==null||r.call(i,this))}disconnectedCallback(){var e,i;(i=(e=Rr(this,Oe))==null?void 0:e.unassociateElement)==null||i.call(e,this),Cr(this,Oe,null)}};Oe=new WeakMap;yi.shadowRootOptions={mode:"open"};yi.getTemplateHTML=kd;d.customElements.get("media-control-bar")||d.customElements.define("media-control-bar",yi);var Vt={PLACEMENT:"placement",BOUNDS:"bounds"};function Id(t){return`
    <style>
      :host {
        --_tooltip-background-color: var(--media-tooltip-background-color, var(--media-secondary-color, rgba(20, 20, 30, .7)));
        --_tooltip-background: var(--media-tooltip-background, var(--_tooltip-background-color));
        --_tooltip-arrow-half-width: calc(var(--media-tooltip-arrow-width, 12px) / 2);
        --_tooltip-arrow-height: var(--media-tooltip-arrow-height, 5px);
        --_tooltip-arrow-background: var(--media-tooltip-arrow-color, var(--_tooltip-background-color));
        position: relative;
        pointer-events: none;
        display: var(--media-tooltip-display, inline-flex);
        justify-content: center;
        align-items: center;
        box-sizing: border-box;
        z-index: var(--media-tooltip-z-index, 1);
        background: var(--_tooltip-background);
        color: var(--media-text-color, var(--media-primary-color, rgb(238 238 238)));
        font: var(--media-font,
          var(--media-font-weight, 400)
          var(--media-font-size, 13px) /
          var(--media-text-content-height, var(--media-control-height, 18px))
          var(--media-font-family, helvetica neue, segoe ui, roboto, arial, sans-serif));
        padding: var(--media-tooltip-padding, .35em .7em);
        border: var(--media-tooltip-border, none);
        border-radius: var(--media-tooltip-border-radius, 5px);
        filter: var(--media-tooltip-filter, drop-shadow(0 0 4px rgba(0, 0, 0, .2)));
        white-space: var(--media-tooltip-white-space, nowrap);
      }

      :host([hidden]) {
        display: none;
      }

      img, svg {
        display: inline-block;
      }

      #arrow {
        position: absolute;
        width: 0px;
        height: 0px;
        border-style: solid;
        display: var(--media-tooltip-arrow-display, block);
      }

      :host(:not([placement])),
      :host([placement="top"]) {
        position: absolute;
        bottom: calc(100% + var(--media-tooltip-distance, 12px));
        left: 50%;
        transform: translate(calc(-50% - var(--media-tooltip-offset-x, 0px)), 0);
      }
      :host(:not([placement])) #arrow,
      :host([placement="top"]) #arrow {
        top: 100%;
        left: 50%;
        border-width: var(--_tooltip-arrow-height) var(--_tooltip-arrow-half-width) 0 var(--_tooltip-arrow-half-width);
        border-color: var(--_tooltip-arrow-background) transparent transparent transparent;
        transform: translate(calc(-50% + var(--media-tooltip-offset-x, 0px)), 0);
      }

      :host([placement="right"]) {
        position: absolute;
        left: calc(100% + var(--media-tooltip-distance, 12px));
        top: 50%;
        transform: translate(0, -50%);
      }
      :host([placement="right"]) #arrow {
        top: 50%;
        right: 100%;
        border-width: var(--_tooltip-arrow-half-width) var(--_tooltip-arrow-height) var(--_tooltip-arrow-half-width) 0;
        border-color: transparent var(--_tooltip-arrow-background) transparent transparent;
        transform: translate(0, -50%);
      }

      :host([placement="bottom"]) {
        position: absolute;
        top: calc(100% + var(--media-tooltip-distance, 12px));
        left: 50%;
        transform: translate(calc(-50% - var(--media-tooltip-offset-x, 0px)), 0);
      }
      :host([placement="bottom"]) #arrow {
        bottom: 100%;
        left: 50%;
        border-width: 0 var(--_tooltip-arrow-half-width) var(--_tooltip-arrow-height) var(--_tooltip-arrow-half-width);
        border-color: transparent transparent var(--_tooltip-arrow-background) transparent;
        transform: translate(calc(-50% + var(--media-tooltip-offset-x, 0px)), 0);
      }

      :host([placement="left"]) {
        position: absolute;
        right: calc(100% + var(--media-tooltip-distance, 12px));
        top: 50%;
        transform: translate(0, -50%);
      }
      :host([placement="left"]) #arrow {
        top: 50%;
        left: 100%;
        border-width: var(--_tooltip-arrow-half-width) 0 var(--_tooltip-arrow-half-width) var(--_tooltip-arrow-height);
        border-color: transparent transparent transparent var(--_tooltip-arrow-background);
        transform: translate(0, -50%);
      }
      
      :host([placement="none"]) #arrow {
        display: none;
      }
    </style>
    <slot></slot>
    <div id="arrow"></div>
  `}var Kt=class extends d.HTMLElement{constructor(){if(super(),this.updateXOffset=()=>{var e;if(!sr(this,{checkOpacity:!1,checkVisibilityCSS:!1}))return;let i=this.placement;if(i==="left"||i==="right"){this.style.removeProperty("--media-tooltip-offset-x");return}let r=getComputedStyle(this),n=(e=Ye(this,"#"+this.bounds))!=null?e:xo(this);if(!n)return;let{x:a,width:o}=n.getBoundingClientRect(),{x:l,width:c}=this.getBoundingClientRect(),p=l+c,m=a+o,g=r.getPropertyValue("--media-tooltip-offset-x"),v=g?parseFloat(g.replace("px","")):0,f=r.getPropertyValue("--media-tooltip-container-margin"),b=f?parseFloat(f.replace("px","")):0,_=l-a+v-b,L=p-m+v+b;if(_<0){this.style.setProperty("--media-tooltip-offset-x",`${_}px`);return}if(L>0){this.style.setProperty("--media-tooltip-offset-x",`${L}px`);return}this.style.removeProperty("--media-tooltip-offset-x")},!this.shadowRoot){this.attachShadow(this.constructor.shadowRootOptions);let e=Q(this.attributes);this.shadowRoot.innerHTML=this.constructor.getTemplateHTML(e)}if(this.arrowEl=this.shadowRoot.querySelector("#arrow"),Object.prototype.hasOwnProperty.call(this,"placement")){let e=this.placement;delete this.placement,this.placement=e}}static get observedAttributes(){return[Vt.PLACEMENT,Vt.BOUNDS]}get placement(){return P(this,Vt.PLACEMENT)}set placement(e){O(this,Vt.PLACEMENT,e)}get bounds(){return P(this,Vt.BOUNDS)}set bounds(e){O(this,Vt.BOUNDS,e)}};Kt.shadowRootOptions={mode:"open"};Kt.getTemplateHTML=Id;d.customElements.get("media-tooltip")||d.customElements.define("media-tooltip",Kt);var na=Kt;var sa=(t,e,i)=>{if(!e.has(t))throw TypeError("Cannot "+i)},Z=(t,e,i)=>(sa(t,e,"read from private field"),i?i.call(t):e.get(t)),gt=(t,e,i)=>{if(e.has(t))throw TypeError("Cannot add the same private member more than once");e instanceof WeakSet?e.add(t):e.set(t,i)},Dr=(t,e,i,r)=>(sa(t,e,"write to private field"),r?r.call(t,i):e.set(t,i),i),ws=(t,e,i)=>(sa(t,e,"access private method"),i),Pe,qt,aa,ks,et,Gt,xr,oa,Is,je={TOOLTIP_PLACEMENT:"tooltipplacement",DISABLED:"disabled",NO_TOOLTIP:"notooltip"};function Ld(t,e={}){return`
    <style>
      :host {
        position: relative;
        font: var(--media-font,
          var(--media-font-weight, bold)
          var(--media-font-size, 14px) /
          var(--media-text-content-height, var(--media-control-height, 24px))
          var(--media-font-family, helvetica neue, segoe ui, roboto, arial, sans-serif));
        color: var(--media-text-color, var(--media-primary-color, rgb(238 238 238)));
        background: var(--media-control-background, var(--media-secondary-color, rgb(20 20 30 / .7)));
        padding: var(--media-button-padding, var(--media-control-padding, 10px));
        justify-content: var(--media-button-justify-content, center);
        display: inline-flex;
        align-items: center;
        vertical-align: middle;
        box-sizing: border-box;
        transition: background .15s linear;
        pointer-events: auto;
        cursor: var(--media-cursor, pointer);
        -webkit-tap-highlight-color: transparent;
      }

      
      :host(:focus-visible) {
        box-shadow: var(--media-focus-box-shadow, inset 0 0 0 2px rgb(27 127 204 / .9));
        outline: 0;
      }
      
      :host(:where(:focus)) {
        box-shadow: none;
        outline: 0;
      }

      :host(:hover) {
        background: var(--media-control-hover-background, rgba(50 50 70 / .7));
      }

      slot[name="icon"] {
        display: inline-flex;
        align-items: center;
      }

      svg, img, ::slotted(svg), ::slotted(img) {
        width: var(--media-button-icon-width);
        height: var(--media-button-icon-height, var(--media-control-height, 24px));
        transform: var(--media-button-icon-transform);
        transition: var(--media-button-icon-transition);
        fill: var(--media-icon-color, var(--media-primary-color, rgb(238 238 238)));
        vertical-align: middle;
        max-width: 100%;
        max-height: 100%;
        min-width: 100%;
      }

      media-tooltip {
        
        max-width: 0;
        overflow-x: clip;
        opacity: 0;
        transition: opacity .3s, max-width 0s 9s;
      }

      :host(:hover) media-tooltip,
      :host(:focus-visible) media-tooltip {
        max-width: 100vw;
        opacity: 1;
        transition: opacity .3s;
      }

      :host([notooltip]) slot[name="tooltip"] {
        display: none;
      }
    </style>

    ${this.getSlotTemplateHTML(t,e)}

    <slot name="tooltip">
      <media-tooltip part="tooltip" aria-hidden="true">
        <template shadowrootmode="${na.shadowRootOptions.mode}">
          ${na.getTemplateHTML({})}
        </template>
        <slot name="tooltip-content">
          ${this.getTooltipContentHTML(t)}
        </slot>
      </media-tooltip>
    </slot>
  `}function Md(t,e){return`
    <slot></slot>
  `}function Rd(){return""}var F=class extends d.HTMLElement{constructor(){if(super(),gt(this,aa),gt(this,oa),gt(this,Pe,void 0),this.preventClick=!1,this.tooltipEl=null,gt(this,qt,e=>{this.preventClick||this.handleClick(e),setTimeout(Z(this,et),0)}),gt(this,et,()=>{var e,i;(i=(e=this.tooltipEl)==null?void 0:e.updateXOffset)==null||i.call(e)}),gt(this,Gt,e=>{let{key:i}=e;if(!this.keysUsed.includes(i)){this.removeEventListener("keyup",Z(this,Gt));return}this.preventClick||this.handleClick(e)}),gt(this,xr,e=>{let{metaKey:i,altKey:r,key:n}=e;if(i||r||!this.keysUsed.includes(n)){this.removeEventListener("keyup",Z(this,Gt));return}this.addEventListener("keyup",Z(this,Gt),{once:!0})}),!this.shadowRoot){this.attachShadow(this.constructor.shadowRootOptions);let e=Q(this.attributes),i=this.constructor.getTemplateHTML(e);this.shadowRoot.setHTMLUnsafe?this.shadowRoot.setHTMLUnsafe(i):this.shadowRoot.innerHTML=i}this.tooltipEl=this.shadowRoot.querySelector("media-tooltip")}static get observedAttributes(){return["disabled",je.TOOLTIP_PLACEMENT,D.MEDIA_CONTROLLER,s.MEDIA_LANG]}enable(){this.addEventListener("click",Z(this,qt)),this.addEventListener("keydown",Z(this,xr)),this.tabIndex=0}disable(){this.removeEventListener("click",Z(this,qt)),this.removeEventListener("keydown",Z(this,xr)),this.removeEventListener("keyup",Z(this,Gt)),this.tabIndex=-1}attributeChangedCallback(e,i,r){var n,a,o,l,c;e===D.MEDIA_CONTROLLER?(i&&((a=(n=Z(this,Pe))==null?void 0:n.unassociateElement)==null||a.call(n,this),Dr(this,Pe,null)),r&&this.isConnected&&(Dr(this,Pe,(o=this.getRootNode())==null?void 0:o.getElementById(r)),(c=(l=Z(this,Pe))==null?void 0:l.associateElement)==null||c.call(l,this))):e==="disabled"&&r!==i?r==null?this.enable():this.disable():e===je.TOOLTIP_PLACEMENT&&this.tooltipEl&&r!==i?this.tooltipEl.placement=r:e===s.MEDIA_LANG&&(this.shadowRoot.querySelector('slot[name="tooltip-content"]').innerHTML=this.constructor.getTooltipContentHTML()),ws(this,aa,ks).call(this)&&Z(this,et).call(this)}connectedCallback(){var e,i,r;let{style:n}=N(this.shadowRoot,":host");n.setProperty("display",`var(--media-control-display, var(--${this.localName}-display, inline-flex))`),this.hasAttribute("disabled")?this.disable():this.enable(),this.setAttribute("role","button");let a=this.getAttribute(D.MEDIA_CONTROLLER);a&&(Dr(this,Pe,(e=this.getRootNode())==null?void 0:e.getElementById(a)),(r=(i=Z(this,Pe))==null?void 0:i.associateElement)==null||r.call(i,this)),d.customElements.whenDefined("media-tooltip").then(()=>ws(this,oa,Is).call(this))}disconnectedCallback(){var e,i;this.disable(),(i=(e=Z(this,Pe))==null?void 0:e.unassociateElement)==null||i.call(e,this),Dr(this,Pe,null),this.removeEventListener("mouseenter",Z(this,et)),this.removeEventListener("focus",Z(this,et)),this.removeEventListener("click",Z(this,qt))}get keysUsed(){return["Enter"," "]}get tooltipPlacement(){return P(this,je.TOOLTIP_PLACEMENT)}set tooltipPlacement(e){O(this,je.TOOLTIP_PLACEMENT,e)}get mediaController(){return P(this,D.MEDIA_CONTROLLER)}set mediaController(e){O(this,D.MEDIA_CONTROLLER,e)}get disabled(){return M(this,je.DISABLED)}set disabled(e){R(this,je.DISABLED,e)}get noTooltip(){return M(this,je.NO_TOOLTIP)}set noTooltip(e){R(this,je.NO_TOOLTIP,e)}handleClick(e){}};Pe=new WeakMap;qt=new WeakMap;aa=new WeakSet;ks=function(){try{return this.matches(":hover, :focus-visible")}catch{return this.matches(":hover, :focus")}};et=new WeakMap;Gt=new WeakMap;xr=new WeakMap;oa=new WeakSet;Is=function(){this.addEventListener("mouseenter",Z(this,et)),this.addEventListener("focus",Z(this,et)),this.addEventListener("click",Z(this,qt));let t=this.tooltipPlacement;t&&this.tooltipEl&&(this.tooltipEl.placement=t)};F.shadowRootOptions={mode:"open"};F.getTemplateHTML=Ld;F.getSlotTemplateHTML=Md;F.getTooltipContentHTML=Rd;d.customElements.get("media-chrome-button")||d.customElements.define("media-chrome-button",F);var Cd=`<svg aria-hidden="true" viewBox="0 0 24 24">
  <path d="m6 21 15-9L6 3v18Z"/>
</svg>`,Dd=`<svg aria-hidden="true" viewBox="0 0 24 24">
  <path d="M6 20h4V4H6v16Zm8-16v16h4V4h-4Z"/>
</svg>`;function xd(t){return`
    <style>
      :host([${s.MEDIA_PAUSED}]) slot[name=pause],
      :host(:not([${s.MEDIA_PAUSED}])) slot[name=play] {
        display: none !important;
      }

      :host([${s.MEDIA_PAUSED}]) slot[name=tooltip-pause],
      :host(:not([${s.MEDIA_PAUSED}])) slot[name=tooltip-play] {
        display: none;
      }
    </style>

    <slot name="icon">
      <slot name="play">${Cd}</slot>
      <slot name="pause">${Dd}</slot>
    </slot>
  `}function Od(){return`
    <slot name="tooltip-play">${w("Play")}</slot>
    <slot name="tooltip-pause">${w("Pause")}</slot>
  `}var Ls=t=>{let e=t.mediaPaused?w("play"):w("pause");t.setAttribute("aria-label",e)},Si=class extends F{static get observedAttributes(){return[...super.observedAttributes,s.MEDIA_PAUSED,s.MEDIA_ENDED]}connectedCallback(){super.connectedCallback(),Ls(this)}attributeChangedCallback(e,i,r){super.attributeChangedCallback(e,i,r),(e===s.MEDIA_PAUSED||e===s.MEDIA_LANG)&&Ls(this)}get mediaPaused(){return M(this,s.MEDIA_PAUSED)}set mediaPaused(e){R(this,s.MEDIA_PAUSED,e)}handleClick(){let e=this.mediaPaused?E.MEDIA_PLAY_REQUEST:E.MEDIA_PAUSE_REQUEST;this.dispatchEvent(new d.CustomEvent(e,{composed:!0,bubbles:!0}))}};Si.getSlotTemplateHTML=xd;Si.getTooltipContentHTML=Od;d.customElements.get("media-play-button")||d.customElements.define("media-play-button",Si);var Pd=`<svg aria-hidden="true" viewBox="0 0 24 24">
  <path d="M16.5 12A4.5 4.5 0 0 0 14 8v2.18l2.45 2.45a4.22 4.22 0 0 0 .05-.63Zm2.5 0a6.84 6.84 0 0 1-.54 2.64L20 16.15A8.8 8.8 0 0 0 21 12a9 9 0 0 0-7-8.77v2.06A7 7 0 0 1 19 12ZM4.27 3 3 4.27 7.73 9H3v6h4l5 5v-6.73l4.25 4.25A6.92 6.92 0 0 1 14 18.7v2.06A9 9 0 0 0 17.69 19l2 2.05L21 19.73l-9-9L4.27 3ZM12 4 9.91 6.09 12 8.18V4Z"/>
</svg>`,Ms=`<svg aria-hidden="true" viewBox="0 0 24 24">
  <path d="M3 9v6h4l5 5V4L7 9H3Zm13.5 3A4.5 4.5 0 0 0 14 8v8a4.47 4.47 0 0 0 2.5-4Z"/>
</svg>`,Ud=`<svg aria-hidden="true" viewBox="0 0 24 24">
  <path d="M3 9v6h4l5 5V4L7 9H3Zm13.5 3A4.5 4.5 0 0 0 14 8v8a4.47 4.47 0 0 0 2.5-4ZM14 3.23v2.06a7 7 0 0 1 0 13.42v2.06a9 9 0 0 0 0-17.54Z"/>
</svg>`;function Nd(t){return`
    <style>
      :host(:not([${s.MEDIA_VOLUME_LEVEL}])) slot[name=icon] slot:not([name=high]),
      :host([${s.MEDIA_VOLUME_LEVEL}=high]) slot[name=icon] slot:not([name=high]) {
        display: none !important;
      }

      :host([${s.MEDIA_VOLUME_LEVEL}=off]) slot[name=icon] slot:not([name=off]) {
        display: none !important;
      }

      :host([${s.MEDIA_VOLUME_LEVEL}=low]) slot[name=icon] slot:not([name=low]) {
        display: none !important;
      }

      :host([${s.MEDIA_VOLUME_LEVEL}=medium]) slot[name=icon] slot:not([name=medium]) {
        display: none !important;
      }

      :host(:not([${s.MEDIA_VOLUME_LEVEL}=off])) slot[name=tooltip-unmute],
      :host([${s.MEDIA_VOLUME_LEVEL}=off]) slot[name=tooltip-mute] {
        display: none;
      }
    </style>

    <slot name="icon">
      <slot name="off">${Pd}</slot>
      <slot name="low">${Ms}</slot>
      <slot name="medium">${Ms}</slot>
      <slot name="high">${Ud}</slot>
    </slot>
  `}function Hd(){return`
    <slot name="tooltip-mute">${w("Mute")}</slot>
    <slot name="tooltip-unmute">${w("Unmute")}</slot>
  `}var Rs=t=>{let i=t.mediaVolumeLevel==="off"?w("unmute"):w("mute");t.setAttribute("aria-label",i)},wi=class extends F{static get observedAttributes(){return[...super.observedAttributes,s.MEDIA_VOLUME_LEVEL]}connectedCallback(){super.connectedCallback(),Rs(this)}attributeChangedCallback(e,i,r){super.attributeChangedCallback(e,i,r),e===s.MEDIA_VOLUME_LEVEL&&Rs(this)}get mediaVolumeLevel(){return P(this,s.MEDIA_VOLUME_LEVEL)}set mediaVolumeLevel(e){O(this,s.MEDIA_VOLUME_LEVEL,e)}handleClick(){let e=this.mediaVolumeLevel==="off"?E.MEDIA_UNMUTE_REQUEST:E.MEDIA_MUTE_REQUEST;this.dispatchEvent(new d.CustomEvent(e,{composed:!0,bubbles:!0}))}};wi.getSlotTemplateHTML=Nd;wi.getTooltipContentHTML=Hd;d.customElements.get("media-mute-button")||d.customElements.define("media-mute-button",wi);var pa=(t,e,i)=>{if(!e.has(t))throw TypeError("Cannot "+i)},K=(t,e,i)=>(pa(t,e,"read from private field"),i?i.call(t):e.get(t)),ne=(t,e,i)=>{if(e.has(t))throw TypeError("Cannot add the same private member more than once");e instanceof WeakSet?e.add(t):e.set(t,i)},tt=(t,e,i,r)=>(pa(t,e,"write to private field"),r?r.call(t,i):e.set(t,i),i),Le=(t,e,i)=>(pa(t,e,"access private method"),i),Ue,Vr,Or,Pr,Me,Br,Ur,Nr,Hr,fa,Cs,$r,la,Fr,da,Wr,va,ca,Ds,ua,xs,ha,Os,ma,Ps;function $d(t){return`
    <style>
      :host {
        --_focus-box-shadow: var(--media-focus-box-shadow, inset 0 0 0 2px rgb(27 127 204 / .9));
        --_media-range-padding: var(--media-range-padding, var(--media-control-padding, 10px));

        box-shadow: var(--_focus-visible-box-shadow, none);
        background: var(--media-control-background, var(--media-secondary-color, rgb(20 20 30 / .7)));
        height: calc(var(--media-control-height, 24px) + 2 * var(--_media-range-padding));
        display: inline-flex;
        align-items: center;
        
        vertical-align: middle;
        box-sizing: border-box;
        position: relative;
        width: 100px;
        transition: background .15s linear;
        cursor: var(--media-cursor, pointer);
        pointer-events: auto;
        touch-action: none; 
      }

      
      input[type=range]:focus {
        outline: 0;
      }
      input[type=range]:focus::-webkit-slider-runnable-track {
        outline: 0;
      }

      :host(:hover) {
        background: var(--media-control-hover-background, rgb(50 50 70 / .7));
      }

      #leftgap {
        padding-left: var(--media-range-padding-left, var(--_media-range-padding));
      }

      #rightgap {
        padding-right: var(--media-range-padding-right, var(--_media-range-padding));
      }

      #startpoint,
      #endpoint {
        position: absolute;
      }

      #endpoint {
        right: 0;
      }

      #container {
        
        width: var(--media-range-track-width, 100%);
        transform: translate(var(--media-range-track-translate-x, 0px), var(--media-range-track-translate-y, 0px));
        position: relative;
        height: 100%;
        display: flex;
        align-items: center;
        min-width: 40px;
      }

      #range {
        
        display: var(--media-time-range-hover-display, block);
        bottom: var(--media-time-range-hover-bottom, 0);
        height: var(--media-time-range-hover-height, max(100% , 25px));
        width: 100%;
        position: absolute;
        cursor: var(--media-cursor, pointer);

        -webkit-appearance: none; 
        -webkit-tap-highlight-color: transparent;
        background: transparent; 
        margin: 0;
        z-index: 1;
      }

      @media (hover: hover) {
        #range {
          bottom: var(--media-time-range-hover-bottom, 0);
          height: var(--media-time-range-hover-height, max(100%, 20px));
        }
      }

      
      
      #range::-webkit-slider-thumb {
        -webkit-appearance: none;
        background: transparent;
        width: .1px;
        height: .1px;
      }

      
      #range::-moz-range-thumb {
        background: transparent;
        border: transparent;
        width: .1px;
        height: .1px;
      }

      #appearance {
        height: var(--media-range-track-height, 4px);
        display: flex;
        flex-direction: column;
        justify-content: center;
        width: 100%;
        position: absolute;
        
        will-change: transform;
      }

      #track {
        background: var(--media-range-track-background, rgb(255 255 255 / .2));
        border-radius: var(--media-range-track-border-radius, 1px);
        border: var(--media-range-track-border, none);
        outline: var(--media-range-track-outline);
        outline-offset: var(--media-range-track-outline-offset);
        backdrop-filter: var(--media-range-track-backdrop-filter);
        -webkit-backdrop-filter: var(--media-range-track-backdrop-filter);
        box-shadow: var(--media-range-track-box-shadow, none);
        position: absolute;
        width: 100%;
        height: 100%;
        overflow: hidden;
      }

      #progress,
      #pointer {
        position: absolute;
        height: 100%;
        will-change: width;
      }

      #progress {
        background: var(--media-range-bar-color, var(--media-primary-color, rgb(238 238 238)));
        transition: var(--media-range-track-transition);
      }

      #pointer {
        background: var(--media-range-track-pointer-background);
        border-right: var(--media-range-track-pointer-border-right);
        transition: visibility .25s, opacity .25s;
        visibility: hidden;
        opacity: 0;
      }

      @media (hover: hover) {
        :host(:hover) #pointer {
          transition: visibility .5s, opacity .5s;
          visibility: visible;
          opacity: 1;
        }
      }

      #thumb,
      ::slotted([slot=thumb]) {
        width: var(--media-range-thumb-width, 10px);
        height: var(--media-range-thumb-height, 10px);
        transition: var(--media-range-thumb-transition);
        transform: var(--media-range-thumb-transform, none);
        opacity: var(--media-range-thumb-opacity, 1);
        translate: -50%;
        position: absolute;
        left: 0;
        cursor: var(--media-cursor, pointer);
      }

      #thumb {
        border-radius: var(--media-range-thumb-border-radius, 10px);
        background: var(--media-range-thumb-background, var(--media-primary-color, rgb(238 238 238)));
        box-shadow: var(--media-range-thumb-box-shadow, 1px 1px 1px transparent);
        border: var(--media-range-thumb-border, none);
      }

      :host([disabled]) #thumb {
        background-color: #777;
      }

      .segments #appearance {
        height: var(--media-range-segment-hover-height, 7px);
      }

      #track {
        clip-path: url(#segments-clipping);
      }

      #segments {
        --segments-gap: var(--media-range-segments-gap, 2px);
        position: absolute;
        width: 100%;
        height: 100%;
      }

      #segments-clipping {
        transform: translateX(calc(var(--segments-gap) / 2));
      }

      #segments-clipping:empty {
        display: none;
      }

      #segments-clipping rect {
        height: var(--media-range-track-height, 4px);
        y: calc((var(--media-range-segment-hover-height, 7px) - var(--media-range-track-height, 4px)) / 2);
        transition: var(--media-range-segment-transition, transform .1s ease-in-out);
        transform: var(--media-range-segment-transform, scaleY(1));
        transform-origin: center;
      }

      /* Visible label for accessibility - positioned off-screen but technically visible (Firefox requires visible labels) */
      #range-label {
        position: absolute;
        left: -10000px;
        background: var(--media-control-background, var(--media-secondary-color, rgb(20 20 30 / .7)));
        pointer-events: none;
      }
    </style>
    <div id="leftgap"></div>
    <div id="container">
      <div id="startpoint"></div>
      <div id="endpoint"></div>
      <div id="appearance">
        <div id="track" part="track">
          <div id="pointer"></div>
          <div id="progress" part="progress"></div>
        </div>
        <slot name="thumb">
          <div id="thumb" part="thumb"></div>
        </slot>
        <svg id="segments" aria-hidden="true"><clipPath id="segments-clipping"></clipPath></svg>
      </div>
        <input id="range" type="range" min="0" max="1" step="any" value="0">
        <label for="range" id="range-label"></label>

      ${this.getContainerTemplateHTML(t)}
    </div>
    <div id="rightgap"></div>
  `}function Fd(t){return""}var Ne=class extends d.HTMLElement{constructor(){if(super(),ne(this,fa),ne(this,$r),ne(this,Fr),ne(this,Wr),ne(this,ca),ne(this,ua),ne(this,ha),ne(this,ma),ne(this,Ue,void 0),ne(this,Vr,void 0),ne(this,Or,void 0),ne(this,Pr,void 0),ne(this,Me,{}),ne(this,Br,[]),ne(this,Ur,()=>{if(this.range.matches(":focus-visible")){let{style:e}=N(this.shadowRoot,":host");e.setProperty("--_focus-visible-box-shadow","var(--_focus-box-shadow)")}}),ne(this,Nr,()=>{let{style:e}=N(this.shadowRoot,":host");e.removeProperty("--_focus-visible-box-shadow")}),ne(this,Hr,()=>{let e=this.shadowRoot.querySelector("#segments-clipping");e&&e.parentNode.append(e)}),!this.shadowRoot){this.attachShadow(this.constructor.shadowRootOptions);let e=Q(this.attributes),i=this.constructor.getTemplateHTML(e);this.shadowRoot.setHTMLUnsafe?this.shadowRoot.setHTMLUnsafe(i):this.shadowRoot.innerHTML=i}this.container=this.shadowRoot.querySelector("#container"),tt(this,Or,this.shadowRoot.querySelector("#startpoint")),tt(this,Pr,this.shadowRoot.querySelector("#endpoint")),this.range=this.shadowRoot.querySelector("#range"),this.appearance=this.shadowRoot.querySelector("#appearance")}static get observedAttributes(){return["disabled","aria-disabled",D.MEDIA_CONTROLLER]}attributeChangedCallback(e,i,r){var n,a,o,l,c;e===D.MEDIA_CONTROLLER?(i&&((a=(n=K(this,Ue))==null?void 0:n.unassociateElement)==null||a.call(n,this),tt(this,Ue,null)),r&&this.isConnected&&(tt(this,Ue,(o=this.getRootNode())==null?void 0:o.getElementById(r)),(c=(l=K(this,Ue))==null?void 0:l.associateElement)==null||c.call(l,this))):(e==="disabled"||e==="aria-disabled"&&i!==r)&&(r==null?(this.range.removeAttribute(e),Le(this,$r,la).call(this)):(this.range.setAttribute(e,r),Le(this,Fr,da).call(this)))}connectedCallback(){var e,i,r;let{style:n}=N(this.shadowRoot,":host");n.setProperty("display",`var(--media-control-display, var(--${this.localName}-display, inline-flex))`),K(this,Me).pointer=N(this.shadowRoot,"#pointer"),K(this,Me).progress=N(this.shadowRoot,"#progress"),K(this,Me).thumb=N(this.shadowRoot,'#thumb, ::slotted([slot="thumb"])'),K(this,Me).activeSegment=N(this.shadowRoot,"#segments-clipping rect:nth-child(0)");let a=this.getAttribute(D.MEDIA_CONTROLLER);a&&(tt(this,Ue,(e=this.getRootNode())==null?void 0:e.getElementById(a)),(r=(i=K(this,Ue))==null?void 0:i.associateElement)==null||r.call(i,this)),this.updateBar(),this.shadowRoot.addEventListener("focusin",K(this,Ur)),this.shadowRoot.addEventListener("focusout",K(this,Nr)),Le(this,$r,la).call(this),rr(this.container,K(this,Hr))}disconnectedCallback(){var e,i;Le(this,Fr,da).call(this),(i=(e=K(this,Ue))==null?void 0:e.unassociateElement)==null||i.call(e,this),tt(this,Ue,null),this.shadowRoot.removeEventListener("focusin",K(this,Ur)),this.shadowRoot.removeEventListener("focusout",K(this,Nr)),nr(this.container,K(this,Hr))}updatePointerBar(e){var i;(i=K(this,Me).pointer)==null||i.style.setProperty("width",`${this.getPointerRatio(e)*100}%`)}updateBar(){var e,i;let r=this.range.valueAsNumber*100;(e=K(this,Me).progress)==null||e.style.setProperty("width",`${r}%`),(i=K(this,Me).thumb)==null||i.style.setProperty("left",`${r}%`)}updateSegments(e){let i=this.shadowRoot.querySelector("#segments-clipping");if(i.textContent="",this.container.classList.toggle("segments",!!e?.length),!e?.length)return;let r=[...new Set([+this.range.min,...e.flatMap(a=>[a.start,a.end]),+this.range.max])];tt(this,Br,[...r]);let n=r.pop();for(let[a,o]of r.entries()){let[l,c]=[a===0,a===r.length-1],p=l?"calc(var(--segments-gap) / -1)":`${o*100}%`,g=`calc(${((c?n:r[a+1])-o)*100}%${l||c?"":" - var(--segments-gap)"})`,v=z.createElementNS("http://www.w3.org/2000/svg","rect"),f=Cn(this.shadowRoot,`#segments-clipping rect:nth-child(${a+1})`);f.style.setProperty("x",p),f.style.setProperty("width",g),i.append(v)}}getPointerRatio(e){return Oo(e.clientX,e.clientY,K(this,Or).getBoundingClientRect(),K(this,Pr).getBoundingClientRect())}get dragging(){return this.hasAttribute("dragging")}handleEvent(e){switch(e.type){case"pointermove":Le(this,ma,Ps).call(this,e);break;case"input":this.updateBar();break;case"pointerenter":Le(this,ca,Ds).call(this,e);break;case"pointerdown":Le(this,Wr,va).call(this,e);break;case"pointerup":Le(this,ua,xs).call(this);break;case"pointerleave":Le(this,ha,Os).call(this);break}}get keysUsed(){return["ArrowUp","ArrowRight","ArrowDown","ArrowLeft"]}};Ue=new WeakMap;Vr=new WeakMap;Or=new WeakMap;Pr=new WeakMap;Me=new WeakMap;Br=new WeakMap;Ur=new WeakMap;Nr=new WeakMap;Hr=new WeakMap;fa=new WeakSet;Cs=function(t){let e=K(this,Me).activeSegment;if(!e)return;let i=this.getPointerRatio(t),n=`#segments-clipping rect:nth-child(${K(this,Br).findIndex((a,o,l)=>{let c=l[o+1];return c!=null&&i>=a&&i<=c})+1})`;(e.selectorText!=n||!e.style.transform)&&(e.selectorText=n,e.style.setProperty("transform","var(--media-range-segment-hover-transform, scaleY(2))"))};$r=new WeakSet;la=function(){this.hasAttribute("disabled")||!this.isConnected||(this.addEventListener("input",this),this.addEventListener("pointerdown",this),this.addEventListener("pointerenter",this))};Fr=new WeakSet;da=function(){var t,e;this.removeEventListener("input",this),this.removeEventListener("pointerdown",this),this.removeEventListener("pointerenter",this),this.removeEventListener("pointerleave",this),(t=d.window)==null||t.removeEventListener("pointerup",this),(e=d.window)==null||e.removeEventListener("pointermove",this)};Wr=new WeakSet;va=function(t){var e;tt(this,Vr,t.composedPath().includes(this.range)),(e=d.window)==null||e.addEventListener("pointerup",this,{once:!0})};ca=new WeakSet;Ds=function(t){var e;t.pointerType!=="mouse"&&Le(this,Wr,va).call(this,t),this.addEventListener("pointerleave",this,{once:!0}),(e=d.window)==null||e.addEventListener("pointermove",this)};ua=new WeakSet;xs=function(){var t;(t=d.window)==null||t.removeEventListener("pointerup",this),this.toggleAttribute("dragging",!1),this.range.disabled=this.hasAttribute("disabled")};ha=new WeakSet;Os=function(){var t,e;this.removeEventListener("pointerleave",this),(t=d.window)==null||t.removeEventListener("pointermove",this),this.toggleAttribute("dragging",!1),this.range.disabled=this.hasAttribute("disabled"),(e=K(this,Me).activeSegment)==null||e.style.removeProperty("transform")};ma=new WeakSet;Ps=function(t){t.pointerType==="pen"&&t.buttons===0||(this.toggleAttribute("dragging",t.buttons===1||t.pointerType!=="mouse"),this.updatePointerBar(t),Le(this,fa,Cs).call(this,t),this.dragging&&(t.pointerType!=="mouse"||!K(this,Vr))&&(this.range.disabled=!0,this.range.valueAsNumber=this.getPointerRatio(t),this.range.dispatchEvent(new Event("input",{bubbles:!0,composed:!0}))))};Ne.shadowRootOptions={mode:"open"};Ne.getTemplateHTML=$d;Ne.getContainerTemplateHTML=Fd;d.customElements.get("media-chrome-range")||d.customElements.define("media-chrome-range",Ne);var Bd=(t,e,i)=>{if(!e.has(t))throw TypeError("Cannot "+i)},Us=(t,e,i)=>(Bd(t,e,"read from private field"),i?i.call(t):e.get(t)),Wd=(t,e,i)=>{if(e.has(t))throw TypeError("Cannot add the same private member more than once");e instanceof WeakSet?e.add(t):e.set(t,i)},Kr,Vd=1,Kd=t=>t.mediaMuted?0:t.mediaVolume,Gd=t=>`${Math.round(t*100)}%`,Ea=class extends Ne{constructor(){super(...arguments),Wd(this,Kr,()=>{let e=this.range.value,i=new d.CustomEvent(E.MEDIA_VOLUME_REQUEST,{composed:!0,bubbles:!0,detail:e});this.dispatchEvent(i)})}static get observedAttributes(){return[...super.observedAttributes,s.MEDIA_VOLUME,s.MEDIA_MUTED,s.MEDIA_VOLUME_UNAVAILABLE]}connectedCallback(){super.connectedCallback(),this.range.setAttribute("aria-label",w("volume")),this.range.addEventListener("input",Us(this,Kr))}disconnectedCallback(){this.range.removeEventListener("input",Us(this,Kr)),super.disconnectedCallback()}attributeChangedCallback(e,i,r){super.attributeChangedCallback(e,i,r),(e===s.MEDIA_VOLUME||e===s.MEDIA_MUTED)&&(this.range.valueAsNumber=Kd(this),this.range.setAttribute("aria-valuetext",Gd(this.range.valueAsNumber)),this.updateBar())}get mediaVolume(){return $(this,s.MEDIA_VOLUME,Vd)}set mediaVolume(e){G(this,s.MEDIA_VOLUME,e)}get mediaMuted(){return M(this,s.MEDIA_MUTED)}set mediaMuted(e){R(this,s.MEDIA_MUTED,e)}get mediaVolumeUnavailable(){return P(this,s.MEDIA_VOLUME_UNAVAILABLE)}set mediaVolumeUnavailable(e){O(this,s.MEDIA_VOLUME_UNAVAILABLE,e)}};Kr=new WeakMap;d.customElements.get("media-volume-range")||d.customElements.define("media-volume-range",Ea);var Ns=(t,e,i)=>{if(!e.has(t))throw TypeError("Cannot "+i)},Gr=(t,e,i)=>(Ns(t,e,"read from private field"),i?i.call(t):e.get(t)),qd=(t,e,i)=>{if(e.has(t))throw TypeError("Cannot add the same private member more than once");e instanceof WeakSet?e.add(t):e.set(t,i)},qr=(t,e,i,r)=>(Ns(t,e,"write to private field"),r?r.call(t,i):e.set(t,i),i),He;function Yd(t){return`
    <style>
      :host {
        box-sizing: border-box;
        display: var(--media-control-display, var(--media-preview-thumbnail-display, inline-block));
        overflow: hidden;
      }

      img {
        display: none;
        position: relative;
      }
    </style>
    <img crossorigin loading="eager" decoding="async">
  `}var Yt=class extends d.HTMLElement{constructor(){if(super(),qd(this,He,void 0),!this.shadowRoot){this.attachShadow(this.constructor.shadowRootOptions);let e=Q(this.attributes);this.shadowRoot.innerHTML=this.constructor.getTemplateHTML(e)}}static get observedAttributes(){return[D.MEDIA_CONTROLLER,s.MEDIA_PREVIEW_IMAGE,s.MEDIA_PREVIEW_COORDS]}connectedCallback(){var e,i,r;let n=this.getAttribute(D.MEDIA_CONTROLLER);n&&(qr(this,He,(e=this.getRootNode())==null?void 0:e.getElementById(n)),(r=(i=Gr(this,He))==null?void 0:i.associateElement)==null||r.call(i,this))}disconnectedCallback(){var e,i;(i=(e=Gr(this,He))==null?void 0:e.unassociateElement)==null||i.call(e,this),qr(this,He,null)}attributeChangedCallback(e,i,r){var n,a,o,l,c;[s.MEDIA_PREVIEW_IMAGE,s.MEDIA_PREVIEW_COORDS].includes(e)&&this.update(),e===D.MEDIA_CONTROLLER&&(i&&((a=(n=Gr(this,He))==null?void 0:n.unassociateElement)==null||a.call(n,this),qr(this,He,null)),r&&this.isConnected&&(qr(this,He,(o=this.getRootNode())==null?void 0:o.getElementById(r)),(c=(l=Gr(this,He))==null?void 0:l.associateElement)==null||c.call(l,this)))}get mediaPreviewImage(){return P(this,s.MEDIA_PREVIEW_IMAGE)}set mediaPreviewImage(e){O(this,s.MEDIA_PREVIEW_IMAGE,e)}get mediaPreviewCoords(){let e=this.getAttribute(s.MEDIA_PREVIEW_COORDS);if(e)return e.split(/\s+/).map(i=>+i)}set mediaPreviewCoords(e){if(!e){this.removeAttribute(s.MEDIA_PREVIEW_COORDS);return}this.setAttribute(s.MEDIA_PREVIEW_COORDS,e.join(" "))}update(){let e=this.mediaPreviewCoords,i=this.mediaPreviewImage;if(!(e&&i))return;let[r,n,a,o]=e,l=i.split("#")[0],c=getComputedStyle(this),{maxWidth:p,maxHeight:m,minWidth:g,minHeight:v}=c,f=c.getPropertyValue("--media-preview-thumbnail-object-fit").trim()||"contain",b,_;if(f==="fill"){let ie=parseInt(p)/a,de=parseInt(m)/o,ot=parseInt(g)/a,T=parseInt(v)/o;b=ie<1?ie:Math.max(ie,ot),_=de<1?de:Math.max(de,T)}else{let ie=Math.min(parseInt(p)/a,parseInt(m)/o),de=Math.max(parseInt(g)/a,parseInt(v)/o),T=ie<1?ie:de>1?de:1;b=T,_=T}let{style:L}=N(this.shadowRoot,":host"),y=N(this.shadowRoot,"img").style,A=this.shadowRoot.querySelector("img"),C=Math.min(b,_)<1?"min":"max";L.setProperty(`${C}-width`,"initial","important"),L.setProperty(`${C}-height`,"initial","important"),L.width=`${a*b}px`,L.height=`${o*_}px`;let H=()=>{y.width=`${this.imgWidth*b}px`,y.height=`${this.imgHeight*_}px`,y.display="block"};A.src!==l&&(A.onload=()=>{this.imgWidth=A.naturalWidth,this.imgHeight=A.naturalHeight,H(),A.onload=null},A.src=l,H()),H(),y.transform=`translate(-${r*b}px, -${n*_}px)`}};He=new WeakMap;Yt.shadowRootOptions={mode:"open"};Yt.getTemplateHTML=Yd;d.customElements.get("media-preview-thumbnail")||d.customElements.define("media-preview-thumbnail",Yt);var ga=Yt;var Hs=(t,e,i)=>{if(!e.has(t))throw TypeError("Cannot "+i)},Yr=(t,e,i)=>(Hs(t,e,"read from private field"),i?i.call(t):e.get(t)),zd=(t,e,i)=>{if(e.has(t))throw TypeError("Cannot add the same private member more than once");e instanceof WeakSet?e.add(t):e.set(t,i)},zr=(t,e,i,r)=>(Hs(t,e,"write to private field"),r?r.call(t,i):e.set(t,i),i),$e;function Qd(t,e={}){return`
    <style>
      :host {
        font: var(--media-font,
          var(--media-font-weight, normal)
          var(--media-font-size, 14px) /
          var(--media-text-content-height, var(--media-control-height, 24px))
          var(--media-font-family, helvetica neue, segoe ui, roboto, arial, sans-serif));
        color: var(--media-text-color, var(--media-primary-color, rgb(238 238 238)));
        background: var(--media-text-background, var(--media-control-background, var(--media-secondary-color, rgb(20 20 30 / .7))));
        padding: var(--media-control-padding, 10px);
        display: inline-flex;
        justify-content: center;
        align-items: center;
        vertical-align: middle;
        box-sizing: border-box;
        text-align: center;
        pointer-events: auto;
      }

      
      :host(:focus-visible) {
        box-shadow: var(--media-focus-box-shadow, inset 0 0 0 2px rgb(27 127 204 / .9));
        outline: 0;
      }

      
      :host(:where(:focus)) {
        box-shadow: none;
        outline: 0;
      }
    </style>

    ${this.getSlotTemplateHTML(t,e)}
  `}function Zd(t,e){return`
    <slot></slot>
  `}var be=class extends d.HTMLElement{constructor(){if(super(),zd(this,$e,void 0),!this.shadowRoot){this.attachShadow(this.constructor.shadowRootOptions);let e=Q(this.attributes);this.shadowRoot.innerHTML=this.constructor.getTemplateHTML(e)}}static get observedAttributes(){return[D.MEDIA_CONTROLLER]}attributeChangedCallback(e,i,r){var n,a,o,l,c;e===D.MEDIA_CONTROLLER&&(i&&((a=(n=Yr(this,$e))==null?void 0:n.unassociateElement)==null||a.call(n,this),zr(this,$e,null)),r&&this.isConnected&&(zr(this,$e,(o=this.getRootNode())==null?void 0:o.getElementById(r)),(c=(l=Yr(this,$e))==null?void 0:l.associateElement)==null||c.call(l,this)))}connectedCallback(){var e,i,r;let{style:n}=N(this.shadowRoot,":host");n.setProperty("display",`var(--media-control-display, var(--${this.localName}-display, inline-flex))`);let a=this.getAttribute(D.MEDIA_CONTROLLER);a&&(zr(this,$e,(e=this.getRootNode())==null?void 0:e.getElementById(a)),(r=(i=Yr(this,$e))==null?void 0:i.associateElement)==null||r.call(i,this))}disconnectedCallback(){var e,i;(i=(e=Yr(this,$e))==null?void 0:e.unassociateElement)==null||i.call(e,this),zr(this,$e,null)}};$e=new WeakMap;be.shadowRootOptions={mode:"open"};be.getTemplateHTML=Qd;be.getSlotTemplateHTML=Zd;d.customElements.get("media-text-display")||d.customElements.define("media-text-display",be);var $s=[{singular:"hour",plural:"hours"},{singular:"minute",plural:"minutes"},{singular:"second",plural:"seconds"}],Fs=(t,e)=>{let i=t===1?w($s[e].singular):w($s[e].plural);return`${t} ${i}`},bt=t=>{if(!Ft(t))return"";let e=Math.abs(t),i=e!==t,r=new Date(0,0,0,0,0,e,0),a=[r.getHours(),r.getMinutes(),r.getSeconds()].map((o,l)=>o&&Fs(o,l)).filter(o=>o).join(", ");return i?w("{time} remaining",{time:a}):e===0?Fs(0,2):a};function _t(t,e){let i=!1;t<0&&(i=!0,t=0-t),t=t<0?0:t;let r=Math.floor(t%60),n=Math.floor(t/60%60),a=Math.floor(t/3600),o=Math.floor(e/60%60),l=Math.floor(e/3600);return(isNaN(t)||t===1/0)&&(a=n=r="0"),a=a>0||l>0?a+":":"",n=((a||o>=10)&&n<10?"0"+n:n)+":",r=r<10?"0"+r:r,(i?"-":"")+a+n+r}var ym=Object.freeze({length:0,start(t){let e=t>>>0;if(e>=this.length)throw new DOMException(`Failed to execute 'start' on 'TimeRanges': The index provided (${e}) is greater than or equal to the maximum bound (${this.length}).`);return 0},end(t){let e=t>>>0;if(e>=this.length)throw new DOMException(`Failed to execute 'end' on 'TimeRanges': The index provided (${e}) is greater than or equal to the maximum bound (${this.length}).`);return 0}});var Ws=(t,e,i)=>{if(!e.has(t))throw TypeError("Cannot "+i)},Bs=(t,e,i)=>(Ws(t,e,"read from private field"),i?i.call(t):e.get(t)),Xd=(t,e,i)=>{if(e.has(t))throw TypeError("Cannot add the same private member more than once");e instanceof WeakSet?e.add(t):e.set(t,i)},Jd=(t,e,i,r)=>(Ws(t,e,"write to private field"),r?r.call(t,i):e.set(t,i),i),ki,ba=class extends be{constructor(){super(),Xd(this,ki,void 0),Jd(this,ki,this.shadowRoot.querySelector("slot")),Bs(this,ki).textContent=_t(0)}static get observedAttributes(){return[...super.observedAttributes,s.MEDIA_PREVIEW_TIME]}attributeChangedCallback(e,i,r){super.attributeChangedCallback(e,i,r),e===s.MEDIA_PREVIEW_TIME&&r!=null&&(Bs(this,ki).textContent=_t(parseFloat(r)))}get mediaPreviewTime(){return $(this,s.MEDIA_PREVIEW_TIME)}set mediaPreviewTime(e){G(this,s.MEDIA_PREVIEW_TIME,e)}};ki=new WeakMap;d.customElements.get("media-preview-time-display")||d.customElements.define("media-preview-time-display",ba);var Vs=(t,e,i)=>{if(!e.has(t))throw TypeError("Cannot "+i)},jd=(t,e,i)=>(Vs(t,e,"read from private field"),i?i.call(t):e.get(t)),ec=(t,e,i)=>{if(e.has(t))throw TypeError("Cannot add the same private member more than once");e instanceof WeakSet?e.add(t):e.set(t,i)},tc=(t,e,i,r)=>(Vs(t,e,"write to private field"),r?r.call(t,i):e.set(t,i),i),Qr,_a=class extends be{constructor(){super(),ec(this,Qr,void 0),tc(this,Qr,this.shadowRoot.querySelector("slot"))}static get observedAttributes(){return[...super.observedAttributes,s.MEDIA_PREVIEW_CHAPTER,s.MEDIA_LANG]}attributeChangedCallback(e,i,r){if(super.attributeChangedCallback(e,i,r),(e===s.MEDIA_PREVIEW_CHAPTER||e===s.MEDIA_LANG)&&r!==i&&r!=null)if(jd(this,Qr).textContent=r,r!==""){let n=w("chapter: {chapterName}",{chapterName:r});this.setAttribute("aria-valuetext",n)}else this.removeAttribute("aria-valuetext")}get mediaPreviewChapter(){return P(this,s.MEDIA_PREVIEW_CHAPTER)}set mediaPreviewChapter(e){O(this,s.MEDIA_PREVIEW_CHAPTER,e)}};Qr=new WeakMap;d.customElements.get("media-preview-chapter-display")||d.customElements.define("media-preview-chapter-display",_a);var Ks=(t,e,i)=>{if(!e.has(t))throw TypeError("Cannot "+i)},te=(t,e,i)=>(Ks(t,e,"read from private field"),i?i.call(t):e.get(t)),Fe=(t,e,i)=>{if(e.has(t))throw TypeError("Cannot add the same private member more than once");e instanceof WeakSet?e.add(t):e.set(t,i)},ge=(t,e,i,r)=>(Ks(t,e,"write to private field"),r?r.call(t,i):e.set(t,i),i),ic=(t,e,i,r)=>({set _(n){ge(t,e,n,i)},get _(){return te(t,e,r)}}),zt,Zr,Qt,Ii,Xr,Jr,jr,Zt,At,en,tn=class{constructor(e,i,r){Fe(this,zt,void 0),Fe(this,Zr,void 0),Fe(this,Qt,void 0),Fe(this,Ii,void 0),Fe(this,Xr,void 0),Fe(this,Jr,void 0),Fe(this,jr,void 0),Fe(this,Zt,void 0),Fe(this,At,0),Fe(this,en,(n=performance.now())=>{ge(this,At,requestAnimationFrame(te(this,en))),ge(this,Ii,performance.now()-te(this,Qt));let a=1e3/this.fps;if(te(this,Ii)>a){ge(this,Qt,n-te(this,Ii)%a);let o=1e3/((n-te(this,Zr))/++ic(this,Xr)._),l=(n-te(this,Jr))/1e3/this.duration,c=te(this,jr)+l*this.playbackRate;c-te(this,zt).valueAsNumber>0?ge(this,Zt,this.playbackRate/this.duration/o):(ge(this,Zt,.995*te(this,Zt)),c=te(this,zt).valueAsNumber+te(this,Zt)),this.callback(c)}}),ge(this,zt,e),this.callback=i,this.fps=r}start(){te(this,At)===0&&(ge(this,Qt,performance.now()),ge(this,Zr,te(this,Qt)),ge(this,Xr,0),te(this,en).call(this))}stop(){te(this,At)!==0&&(cancelAnimationFrame(te(this,At)),ge(this,At,0))}update({start:e,duration:i,playbackRate:r}){let n=e-te(this,zt).valueAsNumber,a=Math.abs(i-this.duration);(n>0||n<-.5/i||a>=.5)&&this.callback(e),ge(this,jr,e),ge(this,Jr,performance.now()),this.duration=i,this.playbackRate=r}};zt=new WeakMap;Zr=new WeakMap;Qt=new WeakMap;Ii=new WeakMap;Xr=new WeakMap;Jr=new WeakMap;jr=new WeakMap;Zt=new WeakMap;At=new WeakMap;en=new WeakMap;var wa=(t,e,i)=>{if(!e.has(t))throw TypeError("Cannot "+i)},B=(t,e,i)=>(wa(t,e,"read from private field"),i?i.call(t):e.get(t)),X=(t,e,i)=>{if(e.has(t))throw TypeError("Cannot add the same private member more than once");e instanceof WeakSet?e.add(t):e.set(t,i)},_e=(t,e,i,r)=>(wa(t,e,"write to private field"),r?r.call(t,i):e.set(t,i),i),Ae=(t,e,i)=>(wa(t,e,"access private method"),i),Xt,it,an,Mi,on,nn,Ri,Ci,Jt,jt,Li,Aa,Gs,Ta,sn,ka,ln,Ia,dn,La,ya,qs,Di,cn,Sa,Ys,rc=t=>{let e=t.range,i=bt(+zs(t)),r=bt(+t.mediaSeekableEnd),n=i&&r?w("{currentTime} of {totalTime}",{currentTime:i,totalTime:r}):w("video not loaded, unknown time.");e.setAttribute("aria-valuetext",n)};function nc(t){return`
    <style>
      :host {
        --media-box-border-radius: 4px;
        --media-box-padding-left: 10px;
        --media-box-padding-right: 10px;
        --media-preview-border-radius: var(--media-box-border-radius);
        --media-box-arrow-offset: var(--media-box-border-radius);
        --_control-background: var(--media-control-background, var(--media-secondary-color, rgb(20 20 30 / .7)));
        --_preview-background: var(--media-preview-background, var(--_control-background));

        
        contain: layout;
      }

      #buffered {
        background: var(--media-time-range-buffered-color, rgb(255 255 255 / .4));
        position: absolute;
        height: 100%;
        will-change: width;
      }

      #preview-rail,
      #current-rail {
        width: 100%;
        position: absolute;
        left: 0;
        bottom: 100%;
        pointer-events: none;
        will-change: transform;
      }

      [part~="box"] {
        width: min-content;
        
        position: absolute;
        bottom: 100%;
        flex-direction: column;
        align-items: center;
        transform: translateX(-50%);
      }

      [part~="current-box"] {
        display: var(--media-current-box-display, var(--media-box-display, flex));
        margin: var(--media-current-box-margin, var(--media-box-margin, 0 0 5px));
        visibility: hidden;
      }

      [part~="preview-box"] {
        display: var(--media-preview-box-display, var(--media-box-display, flex));
        margin: var(--media-preview-box-margin, var(--media-box-margin, 0 0 5px));
        transition-property: var(--media-preview-transition-property, visibility, opacity);
        transition-duration: var(--media-preview-transition-duration-out, .25s);
        transition-delay: var(--media-preview-transition-delay-out, 0s);
        visibility: hidden;
        opacity: 0;
      }

      :host(:is([${s.MEDIA_PREVIEW_IMAGE}], [${s.MEDIA_PREVIEW_TIME}])[dragging]) [part~="preview-box"] {
        transition-duration: var(--media-preview-transition-duration-in, .5s);
        transition-delay: var(--media-preview-transition-delay-in, .25s);
        visibility: visible;
        opacity: 1;
      }

      @media (hover: hover) {
        :host(:is([${s.MEDIA_PREVIEW_IMAGE}], [${s.MEDIA_PREVIEW_TIME}]):hover) [part~="preview-box"] {
          transition-duration: var(--media-preview-transition-duration-in, .5s);
          transition-delay: var(--media-preview-transition-delay-in, .25s);
          visibility: visible;
          opacity: 1;
        }
      }

      media-preview-thumbnail,
      ::slotted(media-preview-thumbnail) {
        visibility: hidden;
        
        transition: visibility 0s .25s;
        transition-delay: calc(var(--media-preview-transition-delay-out, 0s) + var(--media-preview-transition-duration-out, .25s));
        background: var(--media-preview-thumbnail-background, var(--_preview-background));
        box-shadow: var(--media-preview-thumbnail-box-shadow, 0 0 4px rgb(0 0 0 / .2));
        max-width: var(--media-preview-thumbnail-max-width, 180px);
        max-height: var(--media-preview-thumbnail-max-height, 160px);
        min-width: var(--media-preview-thumbnail-min-width, 120px);
        min-height: var(--media-preview-thumbnail-min-height, 80px);
        border: var(--media-preview-thumbnail-border);
        border-radius: var(--media-preview-thumbnail-border-radius,
          var(--media-preview-border-radius) var(--media-preview-border-radius) 0 0);
      }

      :host([${s.MEDIA_PREVIEW_IMAGE}][dragging]) media-preview-thumbnail,
      :host([${s.MEDIA_PREVIEW_IMAGE}][dragging]) ::slotted(media-preview-thumbnail) {
        transition-delay: var(--media-preview-transition-delay-in, .25s);
        visibility: visible;
      }

      @media (hover: hover) {
        :host([${s.MEDIA_PREVIEW_IMAGE}]:hover) media-preview-thumbnail,
        :host([${s.MEDIA_PREVIEW_IMAGE}]:hover) ::slotted(media-preview-thumbnail) {
          transition-delay: var(--media-preview-transition-delay-in, .25s);
          visibility: visible;
        }

        :host([${s.MEDIA_PREVIEW_TIME}]:hover) {
          --media-time-range-hover-display: block;
        }
      }

      media-preview-chapter-display,
      ::slotted(media-preview-chapter-display) {
        font-size: var(--media-font-size, 13px);
        line-height: 17px;
        min-width: 0;
        visibility: hidden;
        
        transition: min-width 0s, border-radius 0s, margin 0s, padding 0s, visibility 0s;
        transition-delay: calc(var(--media-preview-transition-delay-out, 0s) + var(--media-preview-transition-duration-out, .25s));
        background: var(--media-preview-chapter-background, var(--_preview-background));
        border-radius: var(--media-preview-chapter-border-radius,
          var(--media-preview-border-radius) var(--media-preview-border-radius)
          var(--media-preview-border-radius) var(--media-preview-border-radius));
        padding: var(--media-preview-chapter-padding, 3.5px 9px);
        margin: var(--media-preview-chapter-margin, 0 0 5px);
        text-shadow: var(--media-preview-chapter-text-shadow, 0 0 4px rgb(0 0 0 / .75));
      }

      :host([${s.MEDIA_PREVIEW_IMAGE}]) media-preview-chapter-display,
      :host([${s.MEDIA_PREVIEW_IMAGE}]) ::slotted(media-preview-chapter-display) {
        transition-delay: var(--media-preview-transition-delay-in, .25s);
        border-radius: var(--media-preview-chapter-border-radius, 0);
        padding: var(--media-preview-chapter-padding, 3.5px 9px 0);
        margin: var(--media-preview-chapter-margin, 0);
        min-width: 100%;
      }

      media-preview-chapter-display[${s.MEDIA_PREVIEW_CHAPTER}],
      ::slotted(media-preview-chapter-display[${s.MEDIA_PREVIEW_CHAPTER}]) {
        visibility: visible;
      }

      media-preview-chapter-display:not([aria-valuetext]),
      ::slotted(media-preview-chapter-display:not([aria-valuetext])) {
        display: none;
      }

      media-preview-time-display,
      ::slotted(media-preview-time-display),
      media-time-display,
      ::slotted(media-time-display) {
        font-size: var(--media-font-size, 13px);
        line-height: 17px;
        min-width: 0;
        
        transition: min-width 0s, border-radius 0s;
        transition-delay: calc(var(--media-preview-transition-delay-out, 0s) + var(--media-preview-transition-duration-out, .25s));
        background: var(--media-preview-time-background, var(--_preview-background));
        border-radius: var(--media-preview-time-border-radius,
          var(--media-preview-border-radius) var(--media-preview-border-radius)
          var(--media-preview-border-radius) var(--media-preview-border-radius));
        padding: var(--media-preview-time-padding, 3.5px 9px);
        margin: var(--media-preview-time-margin, 0);
        text-shadow: var(--media-preview-time-text-shadow, 0 0 4px rgb(0 0 0 / .75));
        transform: translateX(min(
          max(calc(50% - var(--_box-width) / 2),
          calc(var(--_box-shift, 0))),
          calc(var(--_box-width) / 2 - 50%)
        ));
      }

      :host([${s.MEDIA_PREVIEW_IMAGE}]) media-preview-time-display,
      :host([${s.MEDIA_PREVIEW_IMAGE}]) ::slotted(media-preview-time-display) {
        transition-delay: var(--media-preview-transition-delay-in, .25s);
        border-radius: var(--media-preview-time-border-radius,
          0 0 var(--media-preview-border-radius) var(--media-preview-border-radius));
        min-width: 100%;
      }

      :host([${s.MEDIA_PREVIEW_TIME}]:hover) {
        --media-time-range-hover-display: block;
      }

      [part~="arrow"],
      ::slotted([part~="arrow"]) {
        display: var(--media-box-arrow-display, inline-block);
        transform: translateX(min(
          max(calc(50% - var(--_box-width) / 2 + var(--media-box-arrow-offset)),
          calc(var(--_box-shift, 0))),
          calc(var(--_box-width) / 2 - 50% - var(--media-box-arrow-offset))
        ));
        
        border-color: transparent;
        border-top-color: var(--media-box-arrow-background, var(--_control-background));
        border-width: var(--media-box-arrow-border-width,
          var(--media-box-arrow-height, 5px) var(--media-box-arrow-width, 6px) 0);
        border-style: solid;
        justify-content: center;
        height: 0;
      }
    </style>
    <div id="preview-rail">
      <slot name="preview" part="box preview-box">
        <media-preview-thumbnail>
          <template shadowrootmode="${ga.shadowRootOptions.mode}">
            ${ga.getTemplateHTML({})}
          </template>
        </media-preview-thumbnail>
        <media-preview-chapter-display></media-preview-chapter-display>
        <media-preview-time-display></media-preview-time-display>
        <slot name="preview-arrow"><div part="arrow"></div></slot>
      </slot>
    </div>
    <div id="current-rail">
      <slot name="current" part="box current-box">
        
      </slot>
    </div>
  `}var rn=(t,e=t.mediaCurrentTime)=>{let i=Number.isFinite(t.mediaSeekableStart)?t.mediaSeekableStart:0,r=Number.isFinite(t.mediaDuration)?t.mediaDuration:t.mediaSeekableEnd;if(Number.isNaN(r))return 0;let n=(e-i)/(r-i);return Math.max(0,Math.min(n,1))},zs=(t,e=t.range.valueAsNumber)=>{let i=Number.isFinite(t.mediaSeekableStart)?t.mediaSeekableStart:0,r=Number.isFinite(t.mediaDuration)?t.mediaDuration:t.mediaSeekableEnd;return Number.isNaN(r)?0:e*(r-i)+i},xi=class extends Ne{constructor(){super(),X(this,Aa),X(this,sn),X(this,ln),X(this,dn),X(this,ya),X(this,Di),X(this,Sa),X(this,Xt,null),X(this,it,void 0),X(this,an,void 0),X(this,Mi,void 0),X(this,on,void 0),X(this,nn,void 0),X(this,Ri,void 0),X(this,Ci,void 0),X(this,Jt,void 0),X(this,jt,void 0),X(this,Li,()=>{Ae(this,Aa,Gs).call(this)?B(this,it).start():B(this,it).stop()}),X(this,Ta,r=>{this.dragging||(Ft(r)&&(this.range.valueAsNumber=r),B(this,jt)||this.updateBar())}),this.shadowRoot.querySelector("#track").insertAdjacentHTML("afterbegin",'<div id="buffered" part="buffered"></div>'),_e(this,an,this.shadowRoot.querySelectorAll('[part~="box"]')),_e(this,on,this.shadowRoot.querySelector('[part~="preview-box"]')),_e(this,nn,this.shadowRoot.querySelector('[part~="current-box"]'));let i=getComputedStyle(this);_e(this,Ri,parseInt(i.getPropertyValue("--media-box-padding-left"))),_e(this,Ci,parseInt(i.getPropertyValue("--media-box-padding-right"))),_e(this,it,new tn(this.range,B(this,Ta),60))}static get observedAttributes(){return[...super.observedAttributes,s.MEDIA_PAUSED,s.MEDIA_DURATION,s.MEDIA_SEEKABLE,s.MEDIA_CURRENT_TIME,s.MEDIA_PREVIEW_IMAGE,s.MEDIA_PREVIEW_TIME,s.MEDIA_PREVIEW_CHAPTER,s.MEDIA_BUFFERED,s.MEDIA_PLAYBACK_RATE,s.MEDIA_LOADING,s.MEDIA_ENDED]}connectedCallback(){var e;super.connectedCallback(),this.range.setAttribute("aria-label",w("seek")),B(this,Li).call(this),_e(this,Xt,this.getRootNode()),(e=B(this,Xt))==null||e.addEventListener("transitionstart",this)}disconnectedCallback(){var e;super.disconnectedCallback(),B(this,it).stop(),(e=B(this,Xt))==null||e.removeEventListener("transitionstart",this),_e(this,Xt,null)}attributeChangedCallback(e,i,r){super.attributeChangedCallback(e,i,r),i!=r&&(e===s.MEDIA_CURRENT_TIME||e===s.MEDIA_PAUSED||e===s.MEDIA_ENDED||e===s.MEDIA_LOADING||e===s.MEDIA_DURATION||e===s.MEDIA_SEEKABLE?(B(this,it).update({start:rn(this),duration:this.mediaSeekableEnd-this.mediaSeekableStart,playbackRate:this.mediaPlaybackRate}),B(this,Li).call(this),rc(this)):e===s.MEDIA_BUFFERED&&this.updateBufferedBar(),(e===s.MEDIA_DURATION||e===s.MEDIA_SEEKABLE)&&(this.mediaChaptersCues=B(this,Jt),this.updateBar()))}get mediaChaptersCues(){return B(this,Jt)}set mediaChaptersCues(e){var i;_e(this,Jt,e),this.updateSegments((i=B(this,Jt))==null?void 0:i.map(r=>({start:rn(this,r.startTime),end:rn(this,r.endTime)})))}get mediaPaused(){return M(this,s.MEDIA_PAUSED)}set mediaPaused(e){R(this,s.MEDIA_PAUSED,e)}get mediaLoading(){return M(this,s.MEDIA_LOADING)}set mediaLoading(e){R(this,s.MEDIA_LOADING,e)}get mediaDuration(){return $(this,s.MEDIA_DURATION)}set mediaDuration(e){G(this,s.MEDIA_DURATION,e)}get mediaCurrentTime(){return $(this,s.MEDIA_CURRENT_TIME)}set mediaCurrentTime(e){G(this,s.MEDIA_CURRENT_TIME,e)}get mediaPlaybackRate(){return $(this,s.MEDIA_PLAYBACK_RATE,1)}set mediaPlaybackRate(e){G(this,s.MEDIA_PLAYBACK_RATE,e)}get mediaBuffered(){let e=this.getAttribute(s.MEDIA_BUFFERED);return e?e.split(" ").map(i=>i.split(":").map(r=>+r)):[]}set mediaBuffered(e){if(!e){this.removeAttribute(s.MEDIA_BUFFERED);return}let i=e.map(r=>r.join(":")).join(" ");this.setAttribute(s.MEDIA_BUFFERED,i)}get mediaSeekable(){let e=this.getAttribute(s.MEDIA_SEEKABLE);if(e)return e.split(":").map(i=>+i)}set mediaSeekable(e){if(e==null){this.removeAttribute(s.MEDIA_SEEKABLE);return}this.setAttribute(s.MEDIA_SEEKABLE,e.join(":"))}get mediaSeekableEnd(){var e;let[,i=this.mediaDuration]=(e=this.mediaSeekable)!=null?e:[];return i}get mediaSeekableStart(){var e;let[i=0]=(e=this.mediaSeekable)!=null?e:[];return i}get mediaPreviewImage(){return P(this,s.MEDIA_PREVIEW_IMAGE)}set mediaPreviewImage(e){O(this,s.MEDIA_PREVIEW_IMAGE,e)}get mediaPreviewTime(){return $(this,s.MEDIA_PREVIEW_TIME)}set mediaPreviewTime(e){G(this,s.MEDIA_PREVIEW_TIME,e)}get mediaEnded(){return M(this,s.MEDIA_ENDED)}set mediaEnded(e){R(this,s.MEDIA_ENDED,e)}updateBar(){super.updateBar(),this.updateBufferedBar(),this.updateCurrentBox()}updateBufferedBar(){var e;let i=this.mediaBuffered;if(!i.length)return;let r;if(this.mediaEnded)r=1;else{let a=this.mediaCurrentTime,[,o=this.mediaSeekableStart]=(e=i.find(([l,c])=>l<=a&&a<=c))!=null?e:[];r=rn(this,o)}let{style:n}=N(this.shadowRoot,"#buffered");n.setProperty("width",`${r*100}%`)}updateCurrentBox(){if(!this.shadowRoot.querySelector('slot[name="current"]').assignedElements().length)return;let i=N(this.shadowRoot,"#current-rail"),r=N(this.shadowRoot,'[part~="current-box"]'),n=Ae(this,sn,ka).call(this,B(this,nn)),a=Ae(this,ln,Ia).call(this,n,this.range.valueAsNumber),o=Ae(this,dn,La).call(this,n,this.range.valueAsNumber);i.style.transform=`translateX(${a})`,i.style.setProperty("--_range-width",`${n.range.width}`),r.style.setProperty("--_box-shift",`${o}`),r.style.setProperty("--_box-width",`${n.box.width}px`),r.style.setProperty("visibility","initial")}handleEvent(e){switch(super.handleEvent(e),e.type){case"input":Ae(this,Sa,Ys).call(this);break;case"pointermove":Ae(this,ya,qs).call(this,e);break;case"pointerup":B(this,jt)&&_e(this,jt,!1);break;case"pointerdown":_e(this,jt,!0);break;case"pointerleave":Ae(this,Di,cn).call(this,null);break;case"transitionstart":De(e.target,this)&&setTimeout(()=>B(this,Li).call(this),0);break}}};Xt=new WeakMap;it=new WeakMap;an=new WeakMap;Mi=new WeakMap;on=new WeakMap;nn=new WeakMap;Ri=new WeakMap;Ci=new WeakMap;Jt=new WeakMap;jt=new WeakMap;Li=new WeakMap;Aa=new WeakSet;Gs=function(){return this.isConnected&&!this.mediaPaused&&!this.mediaLoading&&!this.mediaEnded&&this.mediaSeekableEnd>0&&sr(this)};Ta=new WeakMap;sn=new WeakSet;ka=function(t){var e;let r=((e=this.getAttribute("bounds")?Ye(this,`#${this.getAttribute("bounds")}`):this.parentElement)!=null?e:this).getBoundingClientRect(),n=this.range.getBoundingClientRect(),a=t.offsetWidth,o=-(n.left-r.left-a/2),l=r.right-n.left-a/2;return{box:{width:a,min:o,max:l},bounds:r,range:n}};ln=new WeakSet;Ia=function(t,e){let i=`${e*100}%`,{width:r,min:n,max:a}=t.box;if(!r)return i;if(Number.isNaN(n)||(i=`max(${`calc(1 / var(--_range-width) * 100 * ${n}% + var(--media-box-padding-left))`}, ${i})`),!Number.isNaN(a)){let l=`calc(1 / var(--_range-width) * 100 * ${a}% - var(--media-box-padding-right))`;i=`min(${i}, ${l})`}return i};dn=new WeakSet;La=function(t,e){let{width:i,min:r,max:n}=t.box,a=e*t.range.width;if(a<r+B(this,Ri)){let o=t.range.left-t.bounds.left-B(this,Ri);return`${a-i/2+o}px`}if(a>n-B(this,Ci)){let o=t.bounds.right-t.range.right-B(this,Ci);return`${a+i/2-o-t.range.width}px`}return 0};ya=new WeakSet;qs=function(t){let e=[...B(this,an)].some(m=>t.composedPath().includes(m));if(!this.dragging&&(e||!t.composedPath().includes(this))){Ae(this,Di,cn).call(this,null);return}let i=this.mediaSeekableEnd;if(!i)return;let r=N(this.shadowRoot,"#preview-rail"),n=N(this.shadowRoot,'[part~="preview-box"]'),a=Ae(this,sn,ka).call(this,B(this,on)),o=(t.clientX-a.range.left)/a.range.width;o=Math.max(0,Math.min(1,o));let l=Ae(this,ln,Ia).call(this,a,o),c=Ae(this,dn,La).call(this,a,o);r.style.transform=`translateX(${l})`,r.style.setProperty("--_range-width",`${a.range.width}`),n.style.setProperty("--_box-shift",`${c}`),n.style.setProperty("--_box-width",`${a.box.width}px`);let p=Math.round(B(this,Mi))-Math.round(o*i);Math.abs(p)<1&&o>.01&&o<.99||(_e(this,Mi,o*i),Ae(this,Di,cn).call(this,B(this,Mi)))};Di=new WeakSet;cn=function(t){this.dispatchEvent(new d.CustomEvent(E.MEDIA_PREVIEW_REQUEST,{composed:!0,bubbles:!0,detail:t}))};Sa=new WeakSet;Ys=function(){B(this,it).stop();let t=zs(this);this.dispatchEvent(new d.CustomEvent(E.MEDIA_SEEK_REQUEST,{composed:!0,bubbles:!0,detail:t}))};xi.shadowRootOptions={mode:"open"};xi.getContainerTemplateHTML=nc;d.customElements.get("media-time-range")||d.customElements.define("media-time-range",xi);var Ca=(t,e,i)=>{if(!e.has(t))throw TypeError("Cannot "+i)},Re=(t,e,i)=>(Ca(t,e,"read from private field"),i?i.call(t):e.get(t)),Tt=(t,e,i)=>{if(e.has(t))throw TypeError("Cannot add the same private member more than once");e instanceof WeakSet?e.add(t):e.set(t,i)},Da=(t,e,i,r)=>(Ca(t,e,"write to private field"),r?r.call(t,i):e.set(t,i),i),nt=(t,e,i)=>(Ca(t,e,"access private method"),i),ei,Be,fn,xa,Zs,mn,Oa,Oi,un,hn,Ma,rt={REMAINING:"remaining",SHOW_DURATION:"showduration",NO_TOGGLE:"notoggle"},Qs=[...Object.values(rt),s.MEDIA_CURRENT_TIME,s.MEDIA_DURATION,s.MEDIA_SEEKABLE],Xs=["Enter"," "],ac="&nbsp;/&nbsp;",Ra=(t,{timesSep:e=ac}={})=>{var i,r;let n=(i=t.mediaCurrentTime)!=null?i:0,[,a]=(r=t.mediaSeekable)!=null?r:[],o=0;Number.isFinite(t.mediaDuration)?o=t.mediaDuration:Number.isFinite(a)&&(o=a);let l=t.remaining?_t(0-(o-n)):_t(n);return t.showDuration?`${l}${e}${_t(o)}`:l},oc=t=>{var e;let i=t.mediaCurrentTime,[,r]=(e=t.mediaSeekable)!=null?e:[],n=null;if(Number.isFinite(t.mediaDuration)?n=t.mediaDuration:Number.isFinite(r)&&(n=r),i==null||n===null){t.setAttribute("aria-description",w("video not loaded, unknown time."));return}let a=t.remaining?bt(0-(n-i)):bt(i);if(!t.showDuration){t.setAttribute("aria-description",a);return}let o=bt(n),l=w("{currentTime} of {totalTime}",{currentTime:a,totalTime:o});t.setAttribute("aria-description",l)};function sc(t,e){return`
    <slot>${Ra(e)}</slot>
  `}var lc=t=>{t.setAttribute("aria-label",w("playback time"))},pn=class extends be{constructor(){super(),Tt(this,xa),Tt(this,mn),Tt(this,Oi),Tt(this,hn),Tt(this,ei,void 0),Tt(this,Be,null),Tt(this,fn,e=>{let{metaKey:i,altKey:r,key:n}=e;if(i||r||!Xs.includes(n)){this.removeEventListener("keyup",Re(this,Be));return}this.addEventListener("keyup",Re(this,Be))}),Da(this,ei,this.shadowRoot.querySelector("slot")),Re(this,ei).innerHTML=`${Ra(this)}`}static get observedAttributes(){return[...super.observedAttributes,...Qs,"disabled"]}connectedCallback(){let{style:e}=N(this.shadowRoot,":host(:hover:not([notoggle]))");e.setProperty("cursor","var(--media-cursor, pointer)"),e.setProperty("background","var(--media-control-hover-background, rgba(50 50 70 / .7))"),this.setAttribute("aria-label",w("playback time")),nt(this,Oi,un).call(this),super.connectedCallback()}toggleTimeDisplay(){this.noToggle||(this.hasAttribute("remaining")?this.removeAttribute("remaining"):this.setAttribute("remaining",""))}disconnectedCallback(){this.disable(),nt(this,mn,Oa).call(this),super.disconnectedCallback()}attributeChangedCallback(e,i,r){lc(this),Qs.includes(e)?this.update():e==="disabled"&&r!==i?r==null?nt(this,Oi,un).call(this):nt(this,hn,Ma).call(this):e===rt.NO_TOGGLE&&r!==i&&(this.noToggle?nt(this,hn,Ma).call(this):nt(this,Oi,un).call(this)),super.attributeChangedCallback(e,i,r)}enable(){this.noToggle||(this.tabIndex=0)}disable(){this.tabIndex=-1}get remaining(){return M(this,rt.REMAINING)}set remaining(e){R(this,rt.REMAINING,e)}get showDuration(){return M(this,rt.SHOW_DURATION)}set showDuration(e){R(this,rt.SHOW_DURATION,e)}get noToggle(){return M(this,rt.NO_TOGGLE)}set noToggle(e){R(this,rt.NO_TOGGLE,e)}get mediaDuration(){return $(this,s.MEDIA_DURATION)}set mediaDuration(e){G(this,s.MEDIA_DURATION,e)}get mediaCurrentTime(){return $(this,s.MEDIA_CURRENT_TIME)}set mediaCurrentTime(e){G(this,s.MEDIA_CURRENT_TIME,e)}get mediaSeekable(){let e=this.getAttribute(s.MEDIA_SEEKABLE);if(e)return e.split(":").map(i=>+i)}set mediaSeekable(e){if(e==null){this.removeAttribute(s.MEDIA_SEEKABLE);return}this.setAttribute(s.MEDIA_SEEKABLE,e.join(":"))}update(){let e=Ra(this);oc(this),e!==Re(this,ei).innerHTML&&(Re(this,ei).innerHTML=e)}};ei=new WeakMap;Be=new WeakMap;fn=new WeakMap;xa=new WeakSet;Zs=function(){Re(this,Be)||(Da(this,Be,t=>{let{key:e}=t;if(!Xs.includes(e)){this.removeEventListener("keyup",Re(this,Be));return}this.toggleTimeDisplay()}),this.addEventListener("keydown",Re(this,fn)),this.addEventListener("click",this.toggleTimeDisplay))};mn=new WeakSet;Oa=function(){Re(this,Be)&&(this.removeEventListener("keyup",Re(this,Be)),this.removeEventListener("keydown",Re(this,fn)),this.removeEventListener("click",this.toggleTimeDisplay),Da(this,Be,null))};Oi=new WeakSet;un=function(){!this.noToggle&&!this.hasAttribute("disabled")&&(this.setAttribute("role","button"),this.enable(),nt(this,xa,Zs).call(this))};hn=new WeakSet;Ma=function(){this.removeAttribute("role"),this.disable(),nt(this,mn,Oa).call(this)};pn.getSlotTemplateHTML=sc;d.customElements.get("media-time-display")||d.customElements.define("media-time-display",pn);var ti={SEEK_OFFSET:"seekoffset"},Pa=30,dc=t=>`
  <svg aria-hidden="true" viewBox="0 0 20 24">
    <defs>
      <style>.text{font-size:8px;font-family:Arial-BoldMT, Arial;font-weight:700;}</style>
    </defs>
    <text class="text value" transform="translate(2.18 19.87)">${t}</text>
    <path d="M10 6V3L4.37 7 10 10.94V8a5.54 5.54 0 0 1 1.9 10.48v2.12A7.5 7.5 0 0 0 10 6Z"/>
  </svg>`;function cc(t,e){return`
    <slot name="icon">${dc(e.seekOffset)}</slot>
  `}var uc=(t,e)=>{t.setAttribute("aria-label",w("seek back {seekOffset} seconds",{seekOffset:e}))};function hc(){return w("Seek backward")}var mc=0,Pi=class extends F{static get observedAttributes(){return[...super.observedAttributes,s.MEDIA_CURRENT_TIME,ti.SEEK_OFFSET]}connectedCallback(){super.connectedCallback(),this.seekOffset=$(this,ti.SEEK_OFFSET,Pa)}attributeChangedCallback(e,i,r){super.attributeChangedCallback(e,i,r),uc(this,this.seekOffset),e===ti.SEEK_OFFSET&&(this.seekOffset=$(this,ti.SEEK_OFFSET,Pa))}get seekOffset(){return $(this,ti.SEEK_OFFSET,Pa)}set seekOffset(e){G(this,ti.SEEK_OFFSET,e),this.setAttribute("aria-label",w("seek back {seekOffset} seconds",{seekOffset:this.seekOffset})),ar(or(this,"icon"),this.seekOffset)}get mediaCurrentTime(){return $(this,s.MEDIA_CURRENT_TIME,mc)}set mediaCurrentTime(e){G(this,s.MEDIA_CURRENT_TIME,e)}handleClick(){let e=Math.max(this.mediaCurrentTime-this.seekOffset,0),i=new d.CustomEvent(E.MEDIA_SEEK_REQUEST,{composed:!0,bubbles:!0,detail:e});this.dispatchEvent(i)}};Pi.getSlotTemplateHTML=cc;Pi.getTooltipContentHTML=hc;d.customElements.get("media-seek-backward-button")||d.customElements.define("media-seek-backward-button",Pi);var ii={SEEK_OFFSET:"seekoffset"},Ua=30,pc=t=>`
  <svg aria-hidden="true" viewBox="0 0 20 24">
    <defs>
      <style>.text{font-size:8px;font-family:Arial-BoldMT, Arial;font-weight:700;}</style>
    </defs>
    <text class="text value" transform="translate(8.9 19.87)">${t}</text>
    <path d="M10 6V3l5.61 4L10 10.94V8a5.54 5.54 0 0 0-1.9 10.48v2.12A7.5 7.5 0 0 1 10 6Z"/>
  </svg>`;function fc(t,e){return`
    <slot name="icon">${pc(e.seekOffset)}</slot>
  `}var vc=(t,e)=>{t.setAttribute("aria-label",w("seek forward {seekOffset} seconds",{seekOffset:e}))};function Ec(){return w("Seek forward")}var gc=0,Ui=class extends F{static get observedAttributes(){return[...super.observedAttributes,s.MEDIA_CURRENT_TIME,ii.SEEK_OFFSET]}connectedCallback(){super.connectedCallback(),this.seekOffset=$(this,ii.SEEK_OFFSET,Ua)}attributeChangedCallback(e,i,r){super.attributeChangedCallback(e,i,r),vc(this,this.seekOffset),e===ii.SEEK_OFFSET&&(this.seekOffset=$(this,ii.SEEK_OFFSET,Ua))}get seekOffset(){return $(this,ii.SEEK_OFFSET,Ua)}set seekOffset(e){G(this,ii.SEEK_OFFSET,e),this.setAttribute("aria-label",w("seek forward {seekOffset} seconds",{seekOffset:this.seekOffset})),ar(or(this,"icon"),this.seekOffset)}get mediaCurrentTime(){return $(this,s.MEDIA_CURRENT_TIME,gc)}set mediaCurrentTime(e){G(this,s.MEDIA_CURRENT_TIME,e)}handleClick(){let e=this.mediaCurrentTime+this.seekOffset,i=new d.CustomEvent(E.MEDIA_SEEK_REQUEST,{composed:!0,bubbles:!0,detail:e});this.dispatchEvent(i)}};Ui.getSlotTemplateHTML=fc;Ui.getTooltipContentHTML=Ec;d.customElements.get("media-seek-forward-button")||d.customElements.define("media-seek-forward-button",Ui);var bc=`<svg aria-hidden="true" viewBox="0 0 26 24">
  <path d="M22.83 5.68a2.58 2.58 0 0 0-2.3-2.5c-3.62-.24-11.44-.24-15.06 0a2.58 2.58 0 0 0-2.3 2.5c-.23 4.21-.23 8.43 0 12.64a2.58 2.58 0 0 0 2.3 2.5c3.62.24 11.44.24 15.06 0a2.58 2.58 0 0 0 2.3-2.5c.23-4.21.23-8.43 0-12.64Zm-11.39 9.45a3.07 3.07 0 0 1-1.91.57 3.06 3.06 0 0 1-2.34-1 3.75 3.75 0 0 1-.92-2.67 3.92 3.92 0 0 1 .92-2.77 3.18 3.18 0 0 1 2.43-1 2.94 2.94 0 0 1 2.13.78c.364.359.62.813.74 1.31l-1.43.35a1.49 1.49 0 0 0-1.51-1.17 1.61 1.61 0 0 0-1.29.58 2.79 2.79 0 0 0-.5 1.89 3 3 0 0 0 .49 1.93 1.61 1.61 0 0 0 1.27.58 1.48 1.48 0 0 0 1-.37 2.1 2.1 0 0 0 .59-1.14l1.4.44a3.23 3.23 0 0 1-1.07 1.69Zm7.22 0a3.07 3.07 0 0 1-1.91.57 3.06 3.06 0 0 1-2.34-1 3.75 3.75 0 0 1-.92-2.67 3.88 3.88 0 0 1 .93-2.77 3.14 3.14 0 0 1 2.42-1 3 3 0 0 1 2.16.82 2.8 2.8 0 0 1 .73 1.31l-1.43.35a1.49 1.49 0 0 0-1.51-1.21 1.61 1.61 0 0 0-1.29.58A2.79 2.79 0 0 0 15 12a3 3 0 0 0 .49 1.93 1.61 1.61 0 0 0 1.27.58 1.44 1.44 0 0 0 1-.37 2.1 2.1 0 0 0 .6-1.15l1.4.44a3.17 3.17 0 0 1-1.1 1.7Z"/>
</svg>`,_c=`<svg aria-hidden="true" viewBox="0 0 26 24">
  <path d="M17.73 14.09a1.4 1.4 0 0 1-1 .37 1.579 1.579 0 0 1-1.27-.58A3 3 0 0 1 15 12a2.8 2.8 0 0 1 .5-1.85 1.63 1.63 0 0 1 1.29-.57 1.47 1.47 0 0 1 1.51 1.2l1.43-.34A2.89 2.89 0 0 0 19 9.07a3 3 0 0 0-2.14-.78 3.14 3.14 0 0 0-2.42 1 3.91 3.91 0 0 0-.93 2.78 3.74 3.74 0 0 0 .92 2.66 3.07 3.07 0 0 0 2.34 1 3.07 3.07 0 0 0 1.91-.57 3.17 3.17 0 0 0 1.07-1.74l-1.4-.45c-.083.43-.3.822-.62 1.12Zm-7.22 0a1.43 1.43 0 0 1-1 .37 1.58 1.58 0 0 1-1.27-.58A3 3 0 0 1 7.76 12a2.8 2.8 0 0 1 .5-1.85 1.63 1.63 0 0 1 1.29-.57 1.47 1.47 0 0 1 1.51 1.2l1.43-.34a2.81 2.81 0 0 0-.74-1.32 2.94 2.94 0 0 0-2.13-.78 3.18 3.18 0 0 0-2.43 1 4 4 0 0 0-.92 2.78 3.74 3.74 0 0 0 .92 2.66 3.07 3.07 0 0 0 2.34 1 3.07 3.07 0 0 0 1.91-.57 3.23 3.23 0 0 0 1.07-1.74l-1.4-.45a2.06 2.06 0 0 1-.6 1.07Zm12.32-8.41a2.59 2.59 0 0 0-2.3-2.51C18.72 3.05 15.86 3 13 3c-2.86 0-5.72.05-7.53.17a2.59 2.59 0 0 0-2.3 2.51c-.23 4.207-.23 8.423 0 12.63a2.57 2.57 0 0 0 2.3 2.5c1.81.13 4.67.19 7.53.19 2.86 0 5.72-.06 7.53-.19a2.57 2.57 0 0 0 2.3-2.5c.23-4.207.23-8.423 0-12.63Zm-1.49 12.53a1.11 1.11 0 0 1-.91 1.11c-1.67.11-4.45.18-7.43.18-2.98 0-5.76-.07-7.43-.18a1.11 1.11 0 0 1-.91-1.11c-.21-4.14-.21-8.29 0-12.43a1.11 1.11 0 0 1 .91-1.11C7.24 4.56 10 4.49 13 4.49s5.76.07 7.43.18a1.11 1.11 0 0 1 .91 1.11c.21 4.14.21 8.29 0 12.43Z"/>
</svg>`;function Ac(t){return`
    <style>
      :host([aria-checked="true"]) slot[name=off] {
        display: none !important;
      }

      
      :host(:not([aria-checked="true"])) slot[name=on] {
        display: none !important;
      }

      :host([aria-checked="true"]) slot[name=tooltip-enable],
      :host(:not([aria-checked="true"])) slot[name=tooltip-disable] {
        display: none;
      }
    </style>

    <slot name="icon">
      <slot name="on">${bc}</slot>
      <slot name="off">${_c}</slot>
    </slot>
  `}function Tc(){return`
    <slot name="tooltip-enable">${w("Enable captions")}</slot>
    <slot name="tooltip-disable">${w("Disable captions")}</slot>
  `}var Js=t=>{t.setAttribute("aria-checked",ts(t).toString())},Ni=class extends F{static get observedAttributes(){return[...super.observedAttributes,s.MEDIA_SUBTITLES_LIST,s.MEDIA_SUBTITLES_SHOWING]}connectedCallback(){super.connectedCallback(),this.setAttribute("role","button"),this.setAttribute("aria-label",w("closed captions")),Js(this)}attributeChangedCallback(e,i,r){super.attributeChangedCallback(e,i,r),e===s.MEDIA_SUBTITLES_SHOWING&&Js(this)}get mediaSubtitlesList(){return js(this,s.MEDIA_SUBTITLES_LIST)}set mediaSubtitlesList(e){el(this,s.MEDIA_SUBTITLES_LIST,e)}get mediaSubtitlesShowing(){return js(this,s.MEDIA_SUBTITLES_SHOWING)}set mediaSubtitlesShowing(e){el(this,s.MEDIA_SUBTITLES_SHOWING,e)}handleClick(){this.dispatchEvent(new d.CustomEvent(E.MEDIA_TOGGLE_SUBTITLES_REQUEST,{composed:!0,bubbles:!0}))}};Ni.getSlotTemplateHTML=Ac;Ni.getTooltipContentHTML=Tc;var js=(t,e)=>{let i=t.getAttribute(e);return i?qn(i):[]},el=(t,e,i)=>{if(!i?.length){t.removeAttribute(e);return}let r=Ei(i);t.getAttribute(e)!==r&&t.setAttribute(e,r)};d.customElements.get("media-captions-button")||d.customElements.define("media-captions-button",Ni);var tl=`<svg aria-hidden="true" viewBox="0 0 28 24">
  <path d="M24 3H4a1 1 0 0 0-1 1v16a1 1 0 0 0 1 1h20a1 1 0 0 0 1-1V4a1 1 0 0 0-1-1Zm-1 16H5V5h18v14Zm-3-8h-7v5h7v-5Z"/>
</svg>`;function yc(t){return`
    <style>
      :host([${s.MEDIA_IS_PIP}]) slot[name=icon] slot:not([name=exit]) {
        display: none !important;
      }

      :host(:not([${s.MEDIA_IS_PIP}])) slot[name=icon] slot:not([name=enter]) {
        display: none !important;
      }

      :host([${s.MEDIA_IS_PIP}]) slot[name=tooltip-enter],
      :host(:not([${s.MEDIA_IS_PIP}])) slot[name=tooltip-exit] {
        display: none;
      }
    </style>

    <slot name="icon">
      <slot name="enter">${tl}</slot>
      <slot name="exit">${tl}</slot>
    </slot>
  `}function Sc(){return`
    <slot name="tooltip-enter">${w("Enter picture in picture mode")}</slot>
    <slot name="tooltip-exit">${w("Exit picture in picture mode")}</slot>
  `}var il=t=>{let e=t.mediaIsPip?w("exit picture in picture mode"):w("enter picture in picture mode");t.setAttribute("aria-label",e)},Hi=class extends F{static get observedAttributes(){return[...super.observedAttributes,s.MEDIA_IS_PIP,s.MEDIA_PIP_UNAVAILABLE]}connectedCallback(){super.connectedCallback(),il(this)}attributeChangedCallback(e,i,r){super.attributeChangedCallback(e,i,r),e===s.MEDIA_IS_PIP&&il(this)}get mediaPipUnavailable(){return P(this,s.MEDIA_PIP_UNAVAILABLE)}set mediaPipUnavailable(e){O(this,s.MEDIA_PIP_UNAVAILABLE,e)}get mediaIsPip(){return M(this,s.MEDIA_IS_PIP)}set mediaIsPip(e){R(this,s.MEDIA_IS_PIP,e)}handleClick(){let e=this.mediaIsPip?E.MEDIA_EXIT_PIP_REQUEST:E.MEDIA_ENTER_PIP_REQUEST;this.dispatchEvent(new d.CustomEvent(e,{composed:!0,bubbles:!0}))}};Hi.getSlotTemplateHTML=yc;Hi.getTooltipContentHTML=Sc;d.customElements.get("media-pip-button")||d.customElements.define("media-pip-button",Hi);var rl=`<svg aria-hidden="true" viewBox="0 0 26 24">
  <path d="M22.13 3H3.87a.87.87 0 0 0-.87.87v13.26a.87.87 0 0 0 .87.87h3.4L9 16H5V5h16v11h-4l1.72 2h3.4a.87.87 0 0 0 .87-.87V3.87a.87.87 0 0 0-.86-.87Zm-8.75 11.44a.5.5 0 0 0-.76 0l-4.91 5.73a.5.5 0 0 0 .38.83h9.82a.501.501 0 0 0 .38-.83l-4.91-5.73Z"/>
</svg>
`;function wc(t){return`
    <style>
      :host([${s.MEDIA_IS_AIRPLAYING}]) slot[name=icon] slot:not([name=exit]) {
        display: none !important;
      }

      
      :host(:not([${s.MEDIA_IS_AIRPLAYING}])) slot[name=icon] slot:not([name=enter]) {
        display: none !important;
      }

      :host([${s.MEDIA_IS_AIRPLAYING}]) slot[name=tooltip-enter],
      :host(:not([${s.MEDIA_IS_AIRPLAYING}])) slot[name=tooltip-exit] {
        display: none;
      }
    </style>

    <slot name="icon">
      <slot name="enter">${rl}</slot>
      <slot name="exit">${rl}</slot>
    </slot>
  `}function kc(){return`
    <slot name="tooltip-enter">${w("start airplay")}</slot>
    <slot name="tooltip-exit">${w("stop airplay")}</slot>
  `}var nl=t=>{let e=t.mediaIsAirplaying?w("stop airplay"):w("start airplay");t.setAttribute("aria-label",e)},$i=class extends F{static get observedAttributes(){return[...super.observedAttributes,s.MEDIA_IS_AIRPLAYING,s.MEDIA_AIRPLAY_UNAVAILABLE]}connectedCallback(){super.connectedCallback(),nl(this)}attributeChangedCallback(e,i,r){super.attributeChangedCallback(e,i,r),e===s.MEDIA_IS_AIRPLAYING&&nl(this)}get mediaIsAirplaying(){return M(this,s.MEDIA_IS_AIRPLAYING)}set mediaIsAirplaying(e){R(this,s.MEDIA_IS_AIRPLAYING,e)}get mediaAirplayUnavailable(){return P(this,s.MEDIA_AIRPLAY_UNAVAILABLE)}set mediaAirplayUnavailable(e){O(this,s.MEDIA_AIRPLAY_UNAVAILABLE,e)}handleClick(){let e=new d.CustomEvent(E.MEDIA_AIRPLAY_REQUEST,{composed:!0,bubbles:!0});this.dispatchEvent(e)}};$i.getSlotTemplateHTML=wc;$i.getTooltipContentHTML=kc;d.customElements.get("media-airplay-button")||d.customElements.define("media-airplay-button",$i);var Ic='<svg aria-hidden="true" viewBox="0 0 24 24"><g><path class="cast_caf_icon_arch0" d="M1,18 L1,21 L4,21 C4,19.3 2.66,18 1,18 L1,18 Z"/><path class="cast_caf_icon_arch1" d="M1,14 L1,16 C3.76,16 6,18.2 6,21 L8,21 C8,17.13 4.87,14 1,14 L1,14 Z"/><path class="cast_caf_icon_arch2" d="M1,10 L1,12 C5.97,12 10,16.0 10,21 L12,21 C12,14.92 7.07,10 1,10 L1,10 Z"/><path class="cast_caf_icon_box" d="M21,3 L3,3 C1.9,3 1,3.9 1,5 L1,8 L3,8 L3,5 L21,5 L21,19 L14,19 L14,21 L21,21 C22.1,21 23,20.1 23,19 L23,5 C23,3.9 22.1,3 21,3 L21,3 Z"/></g></svg>',Lc='<svg aria-hidden="true" viewBox="0 0 24 24"><g><path class="cast_caf_icon_arch0" d="M1,18 L1,21 L4,21 C4,19.3 2.66,18 1,18 L1,18 Z"/><path class="cast_caf_icon_arch1" d="M1,14 L1,16 C3.76,16 6,18.2 6,21 L8,21 C8,17.13 4.87,14 1,14 L1,14 Z"/><path class="cast_caf_icon_arch2" d="M1,10 L1,12 C5.97,12 10,16.0 10,21 L12,21 C12,14.92 7.07,10 1,10 L1,10 Z"/><path class="cast_caf_icon_box" d="M21,3 L3,3 C1.9,3 1,3.9 1,5 L1,8 L3,8 L3,5 L21,5 L21,19 L14,19 L14,21 L21,21 C22.1,21 23,20.1 23,19 L23,5 C23,3.9 22.1,3 21,3 L21,3 Z"/><path class="cast_caf_icon_boxfill" d="M5,7 L5,8.63 C8,8.6 13.37,14 13.37,17 L19,17 L19,7 Z"/></g></svg>';function Mc(t){return`
    <style>
      :host([${s.MEDIA_IS_CASTING}]) slot[name=icon] slot:not([name=exit]) {
        display: none !important;
      }

      
      :host(:not([${s.MEDIA_IS_CASTING}])) slot[name=icon] slot:not([name=enter]) {
        display: none !important;
      }

      :host([${s.MEDIA_IS_CASTING}]) slot[name=tooltip-enter],
      :host(:not([${s.MEDIA_IS_CASTING}])) slot[name=tooltip-exit] {
        display: none;
      }
    </style>

    <slot name="icon">
      <slot name="enter">${Ic}</slot>
      <slot name="exit">${Lc}</slot>
    </slot>
  `}function Rc(){return`
    <slot name="tooltip-enter">${w("Start casting")}</slot>
    <slot name="tooltip-exit">${w("Stop casting")}</slot>
  `}var al=t=>{let e=t.mediaIsCasting?w("stop casting"):w("start casting");t.setAttribute("aria-label",e)},Fi=class extends F{static get observedAttributes(){return[...super.observedAttributes,s.MEDIA_IS_CASTING,s.MEDIA_CAST_UNAVAILABLE]}connectedCallback(){super.connectedCallback(),al(this)}attributeChangedCallback(e,i,r){super.attributeChangedCallback(e,i,r),e===s.MEDIA_IS_CASTING&&al(this)}get mediaIsCasting(){return M(this,s.MEDIA_IS_CASTING)}set mediaIsCasting(e){R(this,s.MEDIA_IS_CASTING,e)}get mediaCastUnavailable(){return P(this,s.MEDIA_CAST_UNAVAILABLE)}set mediaCastUnavailable(e){O(this,s.MEDIA_CAST_UNAVAILABLE,e)}handleClick(){let e=this.mediaIsCasting?E.MEDIA_EXIT_CAST_REQUEST:E.MEDIA_ENTER_CAST_REQUEST;this.dispatchEvent(new d.CustomEvent(e,{composed:!0,bubbles:!0}))}};Fi.getSlotTemplateHTML=Mc;Fi.getTooltipContentHTML=Rc;d.customElements.get("media-cast-button")||d.customElements.define("media-cast-button",Fi);var sl=(t,e,i)=>{if(!e.has(t))throw TypeError("Cannot "+i)},Cc=(t,e,i)=>(sl(t,e,"read from private field"),i?i.call(t):e.get(t)),Dc=(t,e,i)=>{if(e.has(t))throw TypeError("Cannot add the same private member more than once");e instanceof WeakSet?e.add(t):e.set(t,i)},xc=(t,e,i,r)=>(sl(t,e,"write to private field"),r?r.call(t,i):e.set(t,i),i),vn,Oc=`<svg aria-hidden="true" viewBox="0 0 26 24">
  <path d="M16 3v2.5h3.5V9H22V3h-6ZM4 9h2.5V5.5H10V3H4v6Zm15.5 9.5H16V21h6v-6h-2.5v3.5ZM6.5 15H4v6h6v-2.5H6.5V15Z"/>
</svg>`,Pc=`<svg aria-hidden="true" viewBox="0 0 26 24">
  <path d="M18.5 6.5V3H16v6h6V6.5h-3.5ZM16 21h2.5v-3.5H22V15h-6v6ZM4 17.5h3.5V21H10v-6H4v2.5Zm3.5-11H4V9h6V3H7.5v3.5Z"/>
</svg>`;function Uc(t){return`
    <style>
      :host([${s.MEDIA_IS_FULLSCREEN}]) slot[name=icon] slot:not([name=exit]) {
        display: none !important;
      }

      
      :host(:not([${s.MEDIA_IS_FULLSCREEN}])) slot[name=icon] slot:not([name=enter]) {
        display: none !important;
      }

      :host([${s.MEDIA_IS_FULLSCREEN}]) slot[name=tooltip-enter],
      :host(:not([${s.MEDIA_IS_FULLSCREEN}])) slot[name=tooltip-exit] {
        display: none;
      }
    </style>

    <slot name="icon">
      <slot name="enter">${Oc}</slot>
      <slot name="exit">${Pc}</slot>
    </slot>
  `}function Nc(){return`
    <slot name="tooltip-enter">${w("Enter fullscreen mode")}</slot>
    <slot name="tooltip-exit">${w("Exit fullscreen mode")}</slot>
  `}var ol=t=>{let e=t.mediaIsFullscreen?w("exit fullscreen mode"):w("enter fullscreen mode");t.setAttribute("aria-label",e)},Bi=class extends F{constructor(){super(...arguments),Dc(this,vn,null)}static get observedAttributes(){return[...super.observedAttributes,s.MEDIA_IS_FULLSCREEN,s.MEDIA_FULLSCREEN_UNAVAILABLE]}connectedCallback(){super.connectedCallback(),ol(this)}attributeChangedCallback(e,i,r){super.attributeChangedCallback(e,i,r),e===s.MEDIA_IS_FULLSCREEN&&ol(this)}get mediaFullscreenUnavailable(){return P(this,s.MEDIA_FULLSCREEN_UNAVAILABLE)}set mediaFullscreenUnavailable(e){O(this,s.MEDIA_FULLSCREEN_UNAVAILABLE,e)}get mediaIsFullscreen(){return M(this,s.MEDIA_IS_FULLSCREEN)}set mediaIsFullscreen(e){R(this,s.MEDIA_IS_FULLSCREEN,e)}handleClick(e){xc(this,vn,e);let i=Cc(this,vn)instanceof PointerEvent,r=this.mediaIsFullscreen?new d.CustomEvent(E.MEDIA_EXIT_FULLSCREEN_REQUEST,{composed:!0,bubbles:!0}):new d.CustomEvent(E.MEDIA_ENTER_FULLSCREEN_REQUEST,{composed:!0,bubbles:!0,detail:i});this.dispatchEvent(r)}};vn=new WeakMap;Bi.getSlotTemplateHTML=Uc;Bi.getTooltipContentHTML=Nc;d.customElements.get("media-fullscreen-button")||d.customElements.define("media-fullscreen-button",Bi);var dl=(t,e,i)=>{if(!e.has(t))throw TypeError("Cannot "+i)},Wi=(t,e,i)=>(dl(t,e,"read from private field"),i?i.call(t):e.get(t)),ll=(t,e,i)=>{if(e.has(t))throw TypeError("Cannot add the same private member more than once");e instanceof WeakSet?e.add(t):e.set(t,i)},Vi=(t,e,i,r)=>(dl(t,e,"write to private field"),r?r.call(t,i):e.set(t,i),i),We,gn,En={LOADING_DELAY:"loadingdelay",NO_AUTOHIDE:"noautohide"},cl=500,Hc=`
<svg aria-hidden="true" viewBox="0 0 100 100">
  <path d="M73,50c0-12.7-10.3-23-23-23S27,37.3,27,50 M30.9,50c0-10.5,8.5-19.1,19.1-19.1S69.1,39.5,69.1,50">
    <animateTransform
       attributeName="transform"
       attributeType="XML"
       type="rotate"
       dur="1s"
       from="0 50 50"
       to="360 50 50"
       repeatCount="indefinite" />
  </path>
</svg>
`;function $c(t){return`
    <style>
      :host {
        display: var(--media-control-display, var(--media-loading-indicator-display, inline-block));
        vertical-align: middle;
        box-sizing: border-box;
        --_loading-indicator-delay: var(--media-loading-indicator-transition-delay, ${cl}ms);
      }

      #status {
        color: rgba(0,0,0,0);
        width: 0px;
        height: 0px;
      }

      :host slot[name=icon] > *,
      :host ::slotted([slot=icon]) {
        opacity: var(--media-loading-indicator-opacity, 0);
        transition: opacity 0.15s;
      }

      :host([${s.MEDIA_LOADING}]:not([${s.MEDIA_PAUSED}])) slot[name=icon] > *,
      :host([${s.MEDIA_LOADING}]:not([${s.MEDIA_PAUSED}])) ::slotted([slot=icon]) {
        opacity: var(--media-loading-indicator-opacity, 1);
        transition: opacity 0.15s var(--_loading-indicator-delay);
      }

      :host #status {
        visibility: var(--media-loading-indicator-opacity, hidden);
        transition: visibility 0.15s;
      }

      :host([${s.MEDIA_LOADING}]:not([${s.MEDIA_PAUSED}])) #status {
        visibility: var(--media-loading-indicator-opacity, visible);
        transition: visibility 0.15s var(--_loading-indicator-delay);
      }

      svg, img, ::slotted(svg), ::slotted(img) {
        width: var(--media-loading-indicator-icon-width);
        height: var(--media-loading-indicator-icon-height, 100px);
        fill: var(--media-icon-color, var(--media-primary-color, rgb(238 238 238)));
        vertical-align: middle;
      }
    </style>

    <slot name="icon">${Hc}</slot>
    <div id="status" role="status" aria-live="polite">${w("media loading")}</div>
  `}var Ki=class extends d.HTMLElement{constructor(){if(super(),ll(this,We,void 0),ll(this,gn,cl),!this.shadowRoot){this.attachShadow(this.constructor.shadowRootOptions);let e=Q(this.attributes);this.shadowRoot.innerHTML=this.constructor.getTemplateHTML(e)}}static get observedAttributes(){return[D.MEDIA_CONTROLLER,s.MEDIA_PAUSED,s.MEDIA_LOADING,En.LOADING_DELAY]}attributeChangedCallback(e,i,r){var n,a,o,l,c;e===En.LOADING_DELAY&&i!==r?this.loadingDelay=Number(r):e===D.MEDIA_CONTROLLER&&(i&&((a=(n=Wi(this,We))==null?void 0:n.unassociateElement)==null||a.call(n,this),Vi(this,We,null)),r&&this.isConnected&&(Vi(this,We,(o=this.getRootNode())==null?void 0:o.getElementById(r)),(c=(l=Wi(this,We))==null?void 0:l.associateElement)==null||c.call(l,this)))}connectedCallback(){var e,i,r;let n=this.getAttribute(D.MEDIA_CONTROLLER);n&&(Vi(this,We,(e=this.getRootNode())==null?void 0:e.getElementById(n)),(r=(i=Wi(this,We))==null?void 0:i.associateElement)==null||r.call(i,this))}disconnectedCallback(){var e,i;(i=(e=Wi(this,We))==null?void 0:e.unassociateElement)==null||i.call(e,this),Vi(this,We,null)}get loadingDelay(){return Wi(this,gn)}set loadingDelay(e){Vi(this,gn,e);let{style:i}=N(this.shadowRoot,":host");i.setProperty("--_loading-indicator-delay",`var(--media-loading-indicator-transition-delay, ${e}ms)`)}get mediaPaused(){return M(this,s.MEDIA_PAUSED)}set mediaPaused(e){R(this,s.MEDIA_PAUSED,e)}get mediaLoading(){return M(this,s.MEDIA_LOADING)}set mediaLoading(e){R(this,s.MEDIA_LOADING,e)}get mediaController(){return P(this,D.MEDIA_CONTROLLER)}set mediaController(e){O(this,D.MEDIA_CONTROLLER,e)}get noAutohide(){return M(this,En.NO_AUTOHIDE)}set noAutohide(e){R(this,En.NO_AUTOHIDE,e)}};We=new WeakMap;gn=new WeakMap;Ki.shadowRootOptions={mode:"open"};Ki.getTemplateHTML=$c;d.customElements.get("media-loading-indicator")||d.customElements.define("media-loading-indicator",Ki);var bn=class{constructor(e,i,r,n,a,o){this.text=e;this.track=i;this.video=r;this.origin=n;this.shift=a;this.fail=o}text;track;video;origin;shift;fail;done=[];run=null;start(){if(this.run)return;let e=this.run=new AbortController;this.feed(e.signal)}stop(){this.run?.abort(),this.run=null}async feed(e){for(let i=0;!e.aborted&&i<4;){let r=this.next();if(!r){await Fc(this.video,e);continue}let n=this.origin(),a=[];try{a=await this.text.between(r[0]+n,r[1]+n,e),i=0}catch(o){!e.aborted&&++i===4&&this.fail(o instanceof Error?o.message:String(o)),await new Promise(l=>setTimeout(l,1e3*5));continue}if(e.aborted)return;for(let o of a){let l=this.shift()-n;this.track.addCue(new VTTCue(o.start+l,Math.max(o.start+.1,o.end)+l,o.text))}this.done.push(r)}}next(){let{currentTime:e,buffered:i,duration:r}=this.video,n=e;for(let l=0;l<i.length;l++)i.start(l)<=e+.1&&i.end(l)>n&&(n=i.end(l));r-n<1&&(n=r+1),n=Math.min(n,e+120);let a=Math.max(0,e-10);for(let l=!0;l;){l=!1;for(let[c,p]of this.done)c<=a&&p>a&&(a=p,l=!0)}if(a>=n||n-a<1&&n<r)return null;let o=Math.min(n,a+20,...this.done.map(([l])=>l).filter(l=>l>a));return[a,o]}};function Fc(t,e){return new Promise(i=>{let r=["timeupdate","seeking","progress"],n=()=>{for(let a of r)t.removeEventListener(a,n);e.removeEventListener("abort",n),i()};for(let a of r)t.addEventListener(a,n);e.addEventListener("abort",n)})}var Na="btgw.recent",Ha="btgw.places",ul="btgw.settings";function $a(t,e){try{return JSON.parse(localStorage.getItem(t)??"")??e}catch{return e}}function Gi(t,e){try{localStorage.setItem(t,JSON.stringify(e))}catch{}}function _n(){let t=$a(Na,[]);return Array.isArray(t)?t.filter(e=>e&&typeof e.href=="string"&&typeof e.name=="string"):[]}function ri(t){Gi(Na,[{...t,at:Date.now()},..._n().filter(e=>e.hash!==t.hash)].slice(0,24))}function Fa(t){Gi(Na,t?_n().filter(e=>e.hash!==t):[]),t||Gi(Ha,{})}var ni=()=>$a(Ha,{});function hl(t,e,i){let r=ni();r[t]={at:e,of:i,when:Date.now()};let n=Object.entries(r).sort((a,o)=>o[1].when-a[1].when).slice(0,500);Gi(Ha,Object.fromEntries(n))}var yt=t=>!!t&&t.of>0&&t.at>=t.of*.93,St=()=>$a(ul,{}),qi=t=>Gi(ul,{...St(),...t});var ml="The browser started it without sound. A click on the loudspeaker turns it on.",ai=class{constructor(e){this.options=e;this.video=e.video??u("video"),this.video.setAttribute("slot","media"),this.video.removeAttribute("controls"),this.video.playsInline=!0,e.crossOrigin&&(this.video.crossOrigin="anonymous"),this.element=Bc(this.video,e.media),this.video.addEventListener("error",()=>this.failed()),this.video.addEventListener("ended",()=>e.ended?.()),this.video.addEventListener("volumechange",()=>qi({volume:this.video.volume})),this.video.addEventListener("ratechange",()=>qi({rate:this.video.playbackRate})),this.video.addEventListener("loadedmetadata",()=>{this.video.playbackRate=St().rate??1}),this.video.volume=St().volume??1,this.video.textTracks.addEventListener("change",()=>this.changed()),e.media==="video"&&this.video.addEventListener("playing",()=>{this.lookInside()},{once:!0})}options;video;element;subtitles=[];unshown=[];repairing=null;aborted=new AbortController;tried=!1;said="";delay=0;async start(){let{url:e,type:i,from:r}=this.options,{way:n,why:a,tape:o}=await So(e,i,this.aborted.signal);if(this.aborted.signal.aborted){o?.close();return}if(n==="none"){this.say(a??"","error"),this.video.removeAttribute("src");return}if(n==="repair"){await this.repair(r??0,o);return}this.video.src!==new URL(e,location.href).href&&(this.video.src=e),r&&this.seekFirst(r),this.watchSound(),this.video.addEventListener("loadedmetadata",()=>{i.startsWith("video/")&&this.video.videoWidth===0&&!this.tried&&this.say(yo,"error")}),await this.play()}seekFirst(e){let i=()=>{this.video.currentTime=e};this.video.readyState>0?i():this.video.addEventListener("loadedmetadata",i,{once:!0})}async play(){try{await this.video.play()}catch(e){if(!(e instanceof DOMException)||e.name!=="NotAllowedError")return;this.video.muted=!0;try{await this.video.play(),this.said||this.say(ml,"note"),this.video.addEventListener("volumechange",()=>{this.said===ml&&this.say("","")},{once:!0})}catch{}}}watchSound(){let e=this.video,i=()=>{if(e.currentTime-(this.options.from??0)<1||e.seeking)return;e.removeEventListener("timeupdate",i),(e.webkitAudioDecodedByteCount===0||e.mozHasAudio===!1)&&/mp4|quicktime|matroska/.test(this.options.type)&&this.repairSound()};e.addEventListener("timeupdate",i)}async repairSound(){if(this.tried)return;let{probe:e}=await import("./repair-Y2WMI4G7.js"),i=await e(this.options.url).catch(()=>null);i&&i.sounds.length>0&&!this.aborted.signal.aborted&&await this.repair(this.video.currentTime)}failed(){let{error:e}=this.video;if(!(!this.video.getAttribute("src")||this.tried&&!this.repairing)){if(this.repairing){this.repairing&&e&&this.say(kn(e,this.options.type),"error");return}if(!this.tried&&e?.code!==MediaError.MEDIA_ERR_NETWORK&&/mp4|matroska|mp2t|quicktime|webm|audio|msvideo/.test(this.options.type)){this.repair(this.options.from??0);return}this.explain(e)}}async explain(e){this.say(await this.reason(this.options.url,kn(e,this.options.type)),"error")}async reason(e,i){try{let r=await fetch(e,{headers:{Range:"bytes=0-0",Accept:"application/problem+json"},signal:this.aborted.signal,...vo});if(!r.ok)return(await r.json()).detail;r.body?.cancel()}catch{}return i}async repair(e,i){if(this.tried){i?.close();return}this.tried=!0,this.say("This browser needs help with the file: preparing…","note");try{let{Repair:r}=await import("./repair-Y2WMI4G7.js");if(this.repairing=await r.open(this.options.url,this.options.type,this.video,n=>this.say(n,"error"),i),this.aborted.signal.aborted){this.repairing.close();return}this.repairing.start(e),this.say(this.repairing.note,this.repairing.note?"error":""),this.options.tracks?.(),await this.play()}catch(r){this.repairing?.close(),this.video.removeAttribute("src"),this.say(r instanceof Error?r.message:String(r),"error")}}say(e,i){this.said=e,this.options.said?.(e,i)}sounds(){return this.repairing?.sounds??[]}async chooseSound(e){await this.repairing?.choose(e)}addSubtitle(e){let i=u("track",{kind:"subtitles",label:e.label,srclang:e.language||"und",src:e.url});this.video.append(i);let r={label:e.label,language:e.language,track:i.track,shift:0};i.addEventListener("load",()=>{r.shift=0,this.shift()}),i.addEventListener("error",()=>{i.track.mode==="showing"&&this.reason(e.url,"").then(n=>this.say(`The subtitles "${e.label}" cannot be read. ${n}`,"note"))}),this.subtitles.push(r),this.options.tracks?.()}addCues(e,i,r){let n=this.video.addTextTrack("subtitles",e,i||"und");for(let o of r)n.addCue(new VTTCue(o.start,o.end,o.text));let a={label:e,language:i,track:n,shift:0};return this.subtitles.push(a),this.options.tracks?.(),a}async lookInside(){let{inside:e}=await import("./inside-AXGJNFFT.js"),i=await e(this.options.url,this.aborted.signal).catch(()=>null);if(!(!i||this.aborted.signal.aborted)){for(let r of i.texts){let n=Ao(r.language)||r.language,a=[Xi(n),r.name].filter(Boolean).join(": ")||"Subtitles",o=a.slice(0,100)+(r.forced&&!/forced/i.test(a)?" (forced)":"");if(r.why){this.unshown.push(`${o} (${r.why})`);continue}let l=this.video.addTextTrack("subtitles",o,n||"und"),c={label:o,language:n,track:l,shift:0};c.feed=new bn(r,l,this.video,()=>this.repairing?.origin??0,()=>c.shift,p=>this.say(`The subtitles "${o}" cannot be read. ${p}`,"note")),this.subtitles.push(c)}i.chapters.length&&this.addChapters(i.chapters),this.options.tracks?.()}}addChapters(e){let i=this.repairing?.origin??0,r=e.map(a=>({start:Math.max(0,a.start-i),title:a.title})),n=this.video.addTextTrack("chapters","Chapters","und");n.mode="hidden",r.forEach((a,o)=>n.addCue(new VTTCue(a.start,r[o+1]?.start??(this.video.duration||a.start+1),a.title))),this.options.chapters?.(r)}show(e){for(let i of this.subtitles)i.track.mode=i===e?"showing":"disabled";this.changed()}changed(){for(let e of this.subtitles)e.track.mode==="showing"?e.feed?.start():e.feed?.stop();this.shift(),this.options.tracks?.()}showing(){return this.subtitles.find(e=>e.track.mode==="showing")??null}shift(e=this.delay){this.delay=e;let i=this.showing();if(!i?.track.cues)return;let r=e-i.shift;if(r!==0){i.shift=e;for(let n of[...i.track.cues])n.startTime+=r,n.endTime+=r}}close(){this.aborted.abort();for(let e of this.subtitles)e.feed?.stop();this.repairing?.close(),this.video.removeAttribute("src"),this.video.load()}};function Bc(t,e){let i=e==="video";return requestAnimationFrame(()=>{t.parentElement?.querySelector("media-captions-button")?.setAttribute("role","switch"),t.parentElement?.querySelector("media-time-display")?.setAttribute("role","timer")}),u("media-controller",{class:"player",audio:!i,"keyboard-forward-seek-offset":"10","keyboard-backward-seek-offset":"10"},t,i&&u("media-loading-indicator",{slot:"centered-chrome",noautohide:!0}),u("media-control-bar",null,u("media-play-button"),u("media-seek-backward-button",{seekoffset:"10"}),u("media-seek-forward-button",{seekoffset:"10"}),u("media-time-range"),u("media-time-display",{showduration:!0,notoggle:!0}),u("media-mute-button"),u("media-volume-range"),i&&u("media-captions-button"),i&&u("media-airplay-button"),i&&u("media-cast-button"),i&&u("media-pip-button"),i&&u("media-fullscreen-button")))}var pl=`:host { display: block; }
media-controller { width: 100%; aspect-ratio: 16 / 9; }
media-controller[audio] { aspect-ratio: auto; }
video { width: 100%; height: 100%; }
media-time-display { white-space: nowrap; }
media-airplay-button[mediaairplayunavailable], media-cast-button[mediacastunavailable], media-pip-button[mediapipunavailable], media-fullscreen-button[mediafullscreenunavailable], media-captions-button:not([mediasubtitleslist]) { display: none; }
p { font: 0.9rem/1.4 system-ui, sans-serif; margin: .4rem 0 0; }
p:empty { display: none; }
`;var Ba=class extends HTMLElement{static observedAttributes=["src"];player=null;connectedCallback(){this.load()}disconnectedCallback(){this.player?.close(),this.player=null}attributeChangedCallback(){this.isConnected&&this.load()}get video(){return this.player?.video??null}load(){this.player?.close();let e=this.getAttribute("src"),i=this.shadowRoot??this.attachShadow({mode:"open"});if(i.replaceChildren(),!e)return;let r=new URL(e,document.baseURI).href,n=u("p",{role:"alert",part:"message"}),a=this.getAttribute("type")??Vc(r),o=this.player=new ai({url:r,type:a,media:a.startsWith("audio/")?"audio":"video",crossOrigin:!0,said:l=>{n.textContent=l,this.dispatchEvent(new CustomEvent("btgw-message",{detail:l}))},ended:()=>this.dispatchEvent(new Event("ended"))});i.append(u("style",null,pl),o.element,n),this.hasAttribute("autoplay")||this.hasAttribute("muted")?(o.video.muted=this.hasAttribute("muted"),o.start()):o.element.addEventListener("mediaplayrequest",()=>{o.video.src||o.start()},{capture:!0}),a.startsWith("video/")&&this.subtitles(r,o)}async subtitles(e,i){let r=/^(.*\/(?:btih|btmh)\/[^/]+\/)[^?]*(\?.*)?$/.exec(e);if(!r)return;let n=r[2]?.slice(1)??"",a=(o,l)=>`${o}?${[l,n].filter(Boolean).join("&")}`;try{let l=await(await fetch(a(r[1],"format=json"))).json(),c=new URL(e).pathname,p=l.files.find(m=>m.href===c);if(p)for(let m of Ji(l.files,p,g=>a(new URL(g,e).href,"format=vtt")))i.addSubtitle(m)}catch{}}};function Vc(t){return{mkv:"video/x-matroska",webm:"video/webm",mp4:"video/mp4",m4v:"video/mp4",mov:"video/quicktime",ts:"video/mp2t",m2ts:"video/mp2t",avi:"video/x-msvideo",mp3:"audio/mpeg",m4a:"audio/mp4",flac:"audio/flac",ogg:"audio/ogg",opus:"audio/ogg",wav:"audio/wav",ac3:"audio/ac3",eac3:"audio/eac3"}[/\.([a-z0-9]+)$/i.exec(new URL(t).pathname)?.[1]?.toLowerCase()??""]??"video/mp4"}customElements.get("btgw-player")||customElements.define("btgw-player",Ba);function at(t){if(t<1024)return`${t} B`;let e=-1;for(;t>=1023.95&&e<5;)t/=1024,e++;return`${t.toFixed(1)} ${"KMGTPE"[e]}iB`}var Wa=t=>`${at(Math.round(t))}/s`;function Yi(t){t=Math.max(0,Math.floor(t));let e=a=>String(a).padStart(2,"0"),[i,r,n]=[Math.floor(t/3600),Math.floor(t/60)%60,t%60];return i?`${i}:${e(r)}:${e(n)}`:`${r}:${e(n)}`}var le=(t,e,i=e+"s")=>`${t.toLocaleString("en")} ${t===1?e:i}`;function fl(t){return t<90?"just now":t<5400?`${Math.round(t/60)} minutes ago`:t<129600?`${Math.round(t/3600)} hours ago`:`${Math.round(t/86400)} days ago`}function El(t){Kc(t),Va()}function Kc(t){let e=document.querySelector("#box"),i=e?.querySelector("[name=uri]"),r=e?.querySelector("[type=file]");if(!e||!i)return;let n=o=>{let l=e.querySelector("[role=status]");l&&(l.textContent=o)};e.addEventListener("submit",()=>n("Opening…")),addEventListener("pageshow",()=>n("")),i.addEventListener("paste",()=>setTimeout(()=>{vl(i.value)&&e.requestSubmit()})),r?.addEventListener("change",()=>{r.files?.length&&a([...r.files])});async function a(o){if(!t.uploads){n("This server takes no .torrent files: use a magnet link.");return}n(o.length>1?`Opening ${o.length} files…`:"Opening…");let l="";for(let c of o.slice(0,50)){let p=new FormData;p.append("torrent",c);let m=await fetch(e.action,{method:"POST",body:p,headers:{Accept:"application/json"}});if(!m.ok){let v=m.statusText;try{v=(await m.json()).detail}catch{}n(`${c.name}: ${v}`);return}l=m.url;let g=/\/(?:btih|btmh)\/([^/]+)\//.exec(l)?.[1];g&&ri({hash:g,name:c.name.replace(/\.torrent$/i,""),href:l})}l&&(location.href=l)}addEventListener("dragover",o=>{o.preventDefault(),document.body.classList.add("drop")}),addEventListener("dragleave",o=>{o.relatedTarget||document.body.classList.remove("drop")}),addEventListener("drop",o=>{o.preventDefault(),document.body.classList.remove("drop");let l=[...o.dataTransfer?.files??[]],c=o.dataTransfer?.getData("text/uri-list")||o.dataTransfer?.getData("text/plain")||"";l.length?a(l):c&&(i.value=c.trim(),e.requestSubmit())}),addEventListener("paste",o=>{if(o.target instanceof HTMLInputElement)return;let l=[...o.clipboardData?.files??[]],c=o.clipboardData?.getData("text").trim()??"";l.length?a(l):c&&(i.value=c,vl(c)&&e.requestSubmit())})}var vl=t=>/^\s*(magnet:\?\S*xt=urn:bt|[0-9a-f]{40}\s*$|1220[0-9a-f]{64}\s*$|[a-z2-7]{32}\s*$|https?:\/\/\S+$)/i.test(t);function Va(){let t=document.querySelector("#recent");if(!t)return;let e=_n();t.replaceChildren(),e.length&&t.append(u("div",{class:"row"},u("h2",null,"Opened lately in this browser"),u("button",{type:"button",class:"quiet",onclick:()=>{Fa(),Va()}},"Forget all")),u("ul",{class:"cards"},...e.map(i=>u("li",null,u("a",{href:i.href},ce(i.name),u("small",null,fl((Date.now()-i.at)/1e3))),u("button",{type:"button",class:"quiet","aria-label":`Forget ${i.name}`,onclick:()=>{Fa(i.hash),Va()}},"×")))))}function Gc(t,e){let i=e[0]?.path.slice(0,-1)??[],r=t.filter(o=>It(o.type)==="image"&&o.size<20<<20),n=o=>i.every((l,c)=>o.path[c]===l),a=o=>/^(cover|folder|front|album|albumart.*|.*front.*|.*cover.*)\.[a-z]+$/i.test(ae(o));return r.find(o=>n(o)&&a(o))??r.find(a)??r.find(n)}function An(t,e,i,r){let n=Gc(e.files,i);return u("section",{class:"playlist album"},n?u("img",{src:V(t,n.href),alt:"",class:"cover",loading:"lazy"}):null,u("div",null,u("h2",null,"Tracks"),u("ol",null,...i.map(a=>u("li",null,u("a",{href:pe(t,a),"aria-current":a===r?"true":void 0},Ce(a===r?oe.music:oe.play),ce(ae(a).replace(/\.[^.]+$/,"")),u("small",null,at(a.size))))))))}function Tn(t,e,i){let r=null,n=!1,a=0,o=()=>{if(r||n)return;r=new EventSource(V(t,e,"view=events"));let c=(p,m)=>r?.addEventListener(p,g=>m?.(JSON.parse(g.data)));c("status",i.status?.bind(i)),c("info",i.info?.bind(i)),c("failed",i.failed?.bind(i)),c("end",p=>{l(),n=!0,i.end?.(p)})},l=()=>{r?.close(),r=null};return document.addEventListener("visibilitychange",()=>{clearTimeout(a),document.hidden?a=window.setTimeout(l,3e4):o()}),addEventListener("pagehide",l),addEventListener("pageshow",c=>{c.persisted&&o()}),o(),()=>{n=!0,l()}}var qc=60;function gl(t,e){let i=u("div",{class:"wall"}),r=u("dialog",{class:"large","aria-label":"Picture"}),n=u("img",{alt:""}),a=u("p"),o=0,l=m=>{o=(m+e.length)%e.length;let g=e[o];n.src=V(t,g.href),n.alt=ae(g),a.replaceChildren(ce(ae(g)),` (${o+1} of ${e.length})`),r.open||r.showModal()};r.append(n,u("div",{class:"row"},u("button",{type:"button",onclick:()=>l(o-1)},"← Previous"),a,u("button",{type:"button",onclick:()=>l(o+1)},"Next →"),u("button",{type:"button",onclick:()=>r.close()},"Close"))),r.addEventListener("keydown",m=>{m.key==="ArrowLeft"&&l(o-1),m.key==="ArrowRight"&&l(o+1)});let c=u("button",{type:"button"},"Show more"),p=()=>{let m=i.children.length;i.append(...e.slice(m,m+qc).map((g,v)=>u("button",{type:"button",onclick:()=>l(m+v)},u("img",{src:V(t,g.href),alt:ae(g),loading:"lazy",decoding:"async"})))),c.hidden=i.children.length===e.length};return c.addEventListener("click",p),p(),u("section",{class:"gallery"},u("h2",null,"Pictures"),i,c,r)}function yn(){let t=u("div",{class:"strip",role:"img","aria-label":"What is here"});return t.hidden=!0,{element:t,draw(e){if(t.hidden=!e,!e)return;let i=[...e].filter(o=>o==="2").length,r=[...e].filter(o=>o!=="0").length;t.setAttribute("aria-label",i===e.length?"All of it is here":`${Math.round(100*i/e.length)} % of it is here${r>i?", and parts of more":""}`);let n={0:"transparent",1:"var(--some)",2:"var(--all)"},a=[...e.matchAll(/(.)\1*/g)].map(o=>`${n[o[1]]??"transparent"} ${100*o.index/e.length}% ${100*(o.index+o[0].length)/e.length}%`);t.style.backgroundImage=`linear-gradient(to right, ${a.join(", ")})`}}}function Sn(t,e=""){let i=[];if(t.map){let r=[...t.map].filter(n=>n==="2").length;i.push(r===t.map.length?`all ${e||"of it"} is here`:`${Math.floor(100*r/t.map.length)} % ${e?e+" ":""}here`)}return t.connected?i.push(`${le(t.connected,"peer")}${t.seeds?` (${t.seeds} with all of it)`:""}`):t.known&&i.push(`${le(t.known,"peer")} known, none connected`),t.down&&i.push(`↓ ${Wa(t.down)}`),t.up&&i.push(`↑ ${Wa(t.up)}`),i.join(" · ")}function bl(t){return t.ready?t.connected?t.unchoked?"data from peers":"a peer to let us download":t.known||t.dialing?"a peer to connect to":"peers to be found":t.metadata_size?`the list of files (${Math.floor(100*(t.metadata_have??0)/t.metadata_size)} % of it is here)`:t.metadata_peers||t.connected?"the list of files from peers":t.known?"a peer to connect to":"peers to be found"}function _l(){let t={},e=u("ul",{class:"steps"}),i=(r,n,a)=>{let o=t[r];o||(o=t[r]=u("li"),e.append(o)),o.textContent!==n&&(o.textContent=n),o.className=a};return{element:e,show(r){let n=r.trackers_asked-r.trackers_failed;i("trackers",r.trackers===0?"No tracker is named by the link":`${r.trackers_asked} of ${le(r.trackers,"tracker")} asked${n>0?`, ${n} answered`:""}${r.trackers_failed?`, ${r.trackers_failed} failed`:""}`,r.trackers===0?"":n>0?"done":r.trackers_failed>=r.trackers?"bad":"now"),i("dht",r.dht_answers?`${le(r.dht_answers,"node")} of the DHT answered`:"Nodes of the DHT are being asked",r.dht_answers?"done":"now"),i("peers",r.known?`${le(r.known,"peer")} found`:"No peer found so far",r.known?"done":"now"),i("connected",r.connected?`${le(r.connected,"peer")} connected`:r.dialing?`${le(r.dialing,"peer")} being connected to`:"None connected so far",r.connected?"done":r.dialing?"now":""),i("metadata",r.ready?"The list of files is here":r.metadata_size?`The list of files is coming: ${Math.floor(100*(r.metadata_have??0)/r.metadata_size)} %`:r.metadata_peers?`${le(r.metadata_peers,"peer")} with the list of files`:"The list of files has not come yet",r.ready?"done":r.metadata_peers?"now":"")}}}function Al(t){let e=navigator.userAgent,i=[],r=encodeURIComponent(t);if(/Android/.test(e)){let{protocol:n,host:a,pathname:o,search:l}=new URL(t);return i.push({label:"Open in a player app",href:`intent://${a}${o}${l}#Intent;action=android.intent.action.VIEW;scheme=${n.slice(0,-1)};type=video/*;end`}),i}return/iPhone|iPad/.test(e)?(i.push({label:"Open in VLC",href:`vlc-x-callback://x-callback-url/stream?url=${r}`}),i.push({label:"Open in Infuse",href:`infuse://x-callback-url/play?url=${r}`}),i):(i.push({label:"Open in VLC",href:`vlc://${t}`}),i.push({label:"Open in mpv",href:`mpv://play/${btoa(t).replace(/\+/g,"-").replace(/\//g,"_").replace(/=+$/,"")}`}),/Mac OS X/.test(e)&&i.push({label:"Open in IINA",href:`iina://weblink?url=${r}`}),/Windows/.test(e)&&i.push({label:"Open in PotPlayer",href:`potplayer://${t}`}),i)}function Tl(t){let e=document.querySelector("#stage"),i=document.querySelector("#below"),r=e.querySelector("video"),n=si(V(t,t.self)),a=document.body.dataset.type??"",o=u("p",{id:"said",role:"alert"}),l=u("p",{id:"line",role:"status"}),c=yn(),p=ni()[t.self],m=p&&p.at>10&&!yt(p)?p.at:0,g=null,v,f,b,_,L=[],y=Zc(),A=new ai({url:n,type:a,media:t.media==="audio"?"audio":"video",from:m,video:r,said:(T,Te)=>{o.textContent=T,o.className=Te},ended:()=>{C(),b&&(location.href=pe(t,b))},tracks:()=>{y.prefer(A),y.update(A)},chapters:T=>{L=T,i.append(zc(A,T))}});y.update(A),e.prepend(A.element),i.append(o,c.element,l,y.element,Xc(t,n),Jc(t)),m&&o.before(u("p",{class:"note"},`Goes on at ${Yi(m)}. `,u("button",{type:"button",class:"quiet",onclick:T=>{A.video.currentTime=0,T.target.parentElement?.remove()}},"Start from the beginning"))),A.start();let{video:k}=A,C=()=>{k.duration>60&&k.currentTime>0&&hl(t.self,k.currentTime,k.duration)},H=0;k.addEventListener("timeupdate",()=>{Date.now()-H>5e3&&(H=Date.now(),C())}),k.addEventListener("pause",C),addEventListener("pagehide",C);let ie=!1;for(let T of["waiting","stalled","loadstart","seeking"])k.addEventListener(T,()=>{ie=!0,de()});for(let T of["playing","canplay","seeked","error"])k.addEventListener(T,()=>{ie=!1,de()});k.addEventListener("progress",de);function de(){let T=[];ie&&k.readyState<3&&!k.error&&!k.paused&&T.push(`Waiting for ${_?bl(_):"the file"}`);let Te=Qc(k);Te>0&&T.push(`${Yi(Te)} ahead`),_?.ready&&T.push(Sn(_,"of the file"));let J=T.filter(Boolean).join(" · ");l.textContent!==J&&(l.textContent=J)}Tn(t,t.self,{status:T=>{_=T,c.draw(T.map),de()},info:()=>{ot()},failed:T=>{k.readyState===0&&(o.textContent=T.detail,o.className="error")},end:T=>{o.textContent=T.detail,o.className="error"}});async function ot(){if(g)return;try{g=await Zi(t)}catch{return}if(v=g.files.find(J=>J.href===t.self),!v)return;if(ri({hash:t.hash,name:g.name,href:V(t,t.base,"view=1")}),t.media==="video")for(let J of Ji(g.files,v,st=>V(t,st,"format=vtt")))A.addSubtitle(J);let T=_o(g.files,v),Te=T.indexOf(v);if(f=T[Te-1],b=T[Te+1],T.length>1&&(i.append(jc(t,f,b)),i.append(t.media==="audio"?An(t,g,T,v):Ka(t,T,v))),"mediaSession"in navigator){navigator.mediaSession.metadata=new MediaMetadata({title:ae(v),album:g.name});let J=st=>st?()=>{location.href=pe(t,st)}:null;navigator.mediaSession.setActionHandler("previoustrack",J(f)),navigator.mediaSession.setActionHandler("nexttrack",J(b))}}addEventListener("keydown",T=>{if(!(T.target instanceof HTMLElement&&T.target.closest("input, select, textarea")||T.ctrlKey||T.metaKey||T.altKey)){if(T.key==="n"&&b&&(location.href=pe(t,b)),T.key==="p"&&f&&(location.href=pe(t,f)),T.key==="c"&&T.target===document.body){let J=A.subtitles[0];J&&A.show(A.showing()?null:J)}if(T.target===document.body){if((T.key===" "||T.key==="k")&&(T.preventDefault(),k.paused?k.play():k.pause()),(T.key==="ArrowLeft"||T.key==="j")&&(T.preventDefault(),k.currentTime-=10),(T.key==="ArrowRight"||T.key==="l")&&(T.preventDefault(),k.currentTime+=10),(T.key==="<"||T.key===">")&&(k.playbackRate=Math.min(4,Math.max(.25,k.playbackRate+(T.key===">"?.25:-.25))),y.rate(k.playbackRate)),T.key==="PageUp"||T.key==="PageDown"){let J=Yc(L,k.currentTime,T.key==="PageDown");J!==void 0&&(T.preventDefault(),k.currentTime=J)}T.key==="m"&&(k.muted=!k.muted),T.key==="i"&&document.pictureInPictureEnabled&&t.media==="video"&&(document.pictureInPictureElement?document.exitPictureInPicture():k.requestPictureInPicture()).catch(()=>{}),T.key==="f"&&(document.fullscreenElement?document.exitFullscreen():A.element.requestFullscreen())}}})}function Yc(t,e,i){return(i?t.find(r=>r.start>e+.5):t.findLast(r=>r.start<e-3))?.start}function zc(t,e){let{video:i}=t,r=a=>()=>{i.currentTime=a,i.play()},n=e.map(a=>u("button",{type:"button",onclick:r(a.start)},u("small",null,Yi(a.start)),ce(a.title)));return i.addEventListener("timeupdate",()=>{let a=e.findLastIndex(o=>o.start<=i.currentTime);n.forEach((o,l)=>{l===a?o.setAttribute("aria-current","true"):o.removeAttribute("aria-current")})}),u("section",{class:"playlist chapters"},u("h2",null,"Chapters"),u("ol",null,...n.map(a=>u("li",null,a))))}function Qc(t){for(let e=0;e<t.buffered.length;e++)if(t.buffered.start(e)<=t.currentTime+.1&&t.buffered.end(e)>t.currentTime)return t.buffered.end(e)-t.currentTime;return 0}function Zc(){let t=u("select",{id:"subtitles"}),e=u("select",{id:"sound"}),i=u("select",{id:"speed"},...[.5,.75,1,1.25,1.5,1.75,2].map(A=>u("option",{value:String(A),selected:A===(St().rate??1)},`${A} ×`)));i.addEventListener("change",()=>{b&&(b.video.playbackRate=Number(i.value))});let r=u("div",{class:"field"},u("label",{for:"sound"},"Sound"),e),n=u("output",{class:"delay"},"0.0 s"),a=u("button",{type:"button","aria-label":"Subtitles earlier"},"−"),o=u("button",{type:"button","aria-label":"Subtitles later"},"+"),l=u("input",{type:"file",id:"own",accept:".srt,.vtt,.ass,.ssa",class:"hidden"}),c=u("div",{class:"field"},u("span",null,"Delay"),a,n,o),p=u("label",{for:"own",class:"button"},"Add a file…"),m=u("span",{class:"error",role:"alert"}),g=u("div",{class:"field"},u("label",{for:"subtitles"},"Subtitles"),t),v=u("div",{class:"field"},p,l);g.hidden=v.hidden=document.body.dataset.media!=="video";let f=u("div",{class:"tracks"},g,c,v,r,u("div",{class:"field"},u("label",{for:"speed"},"Speed"),i),m),b=null,_=!1;r.hidden=c.hidden=!0;let L=async A=>{let k=A?.[0];if(!(!k||!b)){_=!0,m.textContent="";try{b.show(b.addCues(k.name,"",await To(k)))}catch(C){m.textContent=`${k.name}: ${C instanceof Error?C.message:String(C)}`}}},y=A=>{b&&(b.shift(Math.round((b.delay+A)*10)/10),n.textContent=`${b.delay.toFixed(1)} s`)};return a.addEventListener("click",()=>y(-.5)),o.addEventListener("click",()=>y(.5)),l.addEventListener("change",()=>{L(l.files)}),addEventListener("dragover",A=>A.preventDefault()),addEventListener("drop",A=>{A.preventDefault(),L(A.dataTransfer?.files)}),t.addEventListener("change",()=>{let A=b?.subtitles[Number(t.value)]??null;_=!0,b?.show(A),qi({subtitles:A?A.language||A.label:""})}),e.addEventListener("change",()=>{b?.chooseSound(Number(e.value))}),{element:f,prefer(A){let k=St().subtitles,C=k&&!_&&A.subtitles.find(H=>H.language===k||H.label===k);C&&(_=!0,A.show(C))},rate(A){i.value=String(A)},update(A){b=A;let k=A.showing();t.replaceChildren(u("option",{value:"-1"},A.subtitles.length+A.unshown.length?"Off":"None found"),...A.subtitles.map((H,ie)=>u("option",{value:String(ie),selected:H===k},H.label)),...A.unshown.map(H=>u("option",{disabled:!0},H))),c.hidden=!k;let C=A.sounds();r.hidden=C.length<2,e.replaceChildren(...C.map(H=>u("option",{value:String(H.id),selected:H.chosen},[Xi(H.language)||H.name||`Track ${H.id}`,H.codec.toUpperCase()].join(" · "))))}}}function Xc(t,e){let i=si(V(t,t.self.slice(0,t.self.lastIndexOf("/")+1),"format=m3u8")),r=u("button",{type:"button",onclick:n=>{Lt(e,n.currentTarget)}},"Copy link");return u("div",{class:"actions"},r,...Al(e).map(n=>u("a",{class:"button",href:n.href},n.label)),u("a",{class:"button",href:i},"Playlist (m3u8)"),u("a",{class:"button",href:V(t,t.self,"download=1")},"Download"))}function Jc(t){let e=t.media==="video",i=e&&document.pictureInPictureEnabled,r=[["Space, k","play, pause"],["←, j","10 seconds back"],["→, l","10 seconds on"],["<, >","slower, faster"],["m","sound off, on"],["p, n","previous, next file"],...e?[["f","full screen"],["c","subtitles"],["Page Up, Page Down","chapters"]]:[],...i?[["i","picture in picture"]]:[]],n="remote"in HTMLMediaElement.prototype||"WebKitPlaybackTargetAvailabilityEvent"in window,a=(o,l)=>o?null:u("p",null,`This browser has no ${l}.`);return u("details",{class:"help"},u("summary",null,"Keys"),u("dl",null,...r.flatMap(([o,l])=>[u("dt",null,o),u("dd",null,l)])),a(n,"way to cast to another screen"),e?a(i,"picture in picture"):null)}function jc(t,e,i){let r=(n,a)=>n&&u("a",{class:"button",href:pe(t,n),title:ae(n)},a);return u("nav",{class:"neighbours","aria-label":"Previous and next"},r(e,"← Previous")??null,r(i,"Next →")??null)}function Ka(t,e,i){let r=ni();return u("section",{class:"playlist"},u("h2",null,e.length>1?"Episodes":"Film"),u("ol",null,...e.map(n=>{let a=r[n.href];return u("li",{class:yt(a)?"seen":""},u("a",{href:pe(t,n),"aria-current":n===i?"true":void 0},Ce(yt(a)?oe.check:oe.play),ce(ae(n)),u("small",null,yt(a)?"seen":a?`left at ${Yi(a.at)}`:"")))})))}var zi=44,yl=12,eu=60;function Ga(t,e,i){let r=tu(e,Math.max(1,i)),n=null;e.length<=eu&&Sl(r);let a=ni(),o=[],l="",c=u("div",{class:"viewport",tabindex:"0",role:"region","aria-label":"Files"}),p=u("ul",{class:"rows"});c.append(p);let m=u("span",{role:"status",class:"found"}),g=u("input",{type:"search",id:"filter",placeholder:"Filter",autocomplete:"off",spellcheck:"false"}),v=u("div",{class:"row"},u("h2",null,"Files"),m,u("label",{for:"filter",class:"sr"},"Filter the files"),g);g.hidden=e.length<8;function f(){let y=Math.max(0,Math.floor(c.scrollTop/zi)-yl),A=Math.min(o.length,y+Math.ceil(c.clientHeight/zi)+2*yl);p.style.paddingTop=`${y*zi}px`,p.style.paddingBottom=`${(o.length-A)*zi}px`,p.replaceChildren(...o.slice(y,A).map((k,C)=>b(k,y+C)))}function b(y,A){let k=u("li",{"aria-setsize":String(o.length),"aria-posinset":String(A+1)});if(k.style.setProperty("--depth",String(y.depth)),y.folder){let C=y.folder;k.append(u("button",{type:"button","aria-expanded":String(C.open),onclick:()=>{C.open=!C.open,L(),_(A)}},Ce(oe.right),Ce(oe.folder),u("span",{class:"name"},ce(C.name)),u("small",null,`${le(C.files,"file")}, ${at(C.size)}`)))}else if(y.file){let C=y.file,H=l?C.path.slice(1).join(" / ")||ae(C):ae(C),ie=yt(a[C.href]);k.append(u("a",{href:pe(t,C),class:ie?"seen":""},Ce(iu(It(C.type))),u("span",{class:"name"},ce(H)),u("small",null,at(C.size))))}return k}function _(y){p.querySelector(`[aria-posinset="${y+1}"] :is(a, button)`)?.focus()}function L(){if(o=[],l){let y=l.toLowerCase().split(/\s+/).filter(Boolean),A=n??=e.map(k=>k.path.slice(1).join("/").toLowerCase());for(let k=0;k<e.length;k++)y.every(C=>A[k].includes(C))&&o.push({depth:0,file:e[k]});m.textContent=le(o.length,"match","matches")}else wl(r,0,o),m.textContent="";c.style.height=`${Math.min(o.length*zi+2,Math.max(320,innerHeight*.7))}px`,f()}return g.addEventListener("input",()=>{l=g.value.trim(),c.scrollTop=0,L()}),c.addEventListener("scroll",()=>requestAnimationFrame(f),{passive:!0}),addEventListener("resize",()=>requestAnimationFrame(f)),requestAnimationFrame(L),u("section",{class:"files"},v,c)}function tu(t,e){let i={name:"",size:0,files:0,folders:new Map,own:[],open:!0};for(let r of t){let n=i;n.size+=r.size,n.files++;for(let a of r.path.slice(e,-1)){let o=n.folders.get(a);o||(o={name:a,size:0,files:0,folders:new Map,own:[],open:!1},n.folders.set(a,o)),n=o,n.size+=r.size,n.files++}n.own.push(r)}return i}function Sl(t){t.open=!0,t.folders.forEach(Sl)}function wl(t,e,i){for(let r of t.folders.values())i.push({depth:e,folder:r}),r.open&&wl(r,e+1,i);for(let r of t.own)i.push({depth:e,file:r})}function iu(t){switch(t){case"video":return oe.film;case"audio":return oe.music;case"image":return oe.picture;case"subtitle":case"text":return oe.text;default:return oe.file}}function kl(t){let e=document.querySelector("#torrent"),i=u("p",{id:"line",role:"status"}),r=yn(),n=_l(),a=u("p",{role:"alert",class:"error"}),o=u("section",{class:"search"},u("h2",null,"Looking for the torrent"),a,n.element,u("p",{class:"hint"},"This page becomes the torrent’s as soon as its list of files is here. ",u("a",{href:V(t,t.base,"format=html")},"Page without scripts")));t.known||e.append(o);let l=!1;async function c(){if(l)return;l=!0;let p;try{p=await Zi(t)}catch(m){a.textContent=m instanceof Error?m.message:String(m),o.isConnected||e.append(o),l=!1;return}o.remove(),ru(t,p,e,r.element,i)}Tn(t,t.self,{status:p=>{p.ready||n.show(p),r.draw(p.map);let m=p.ready?Sn(p):"";i.textContent!==m&&(i.textContent=m)},info:()=>{a.textContent="",c()},failed:p=>{a.textContent=`${p.detail}`},end:p=>{a.textContent=p.detail,o.isConnected||e.append(o)}}),t.known&&c()}function ru(t,e,i,r,n){let a=t.path,o=t.self!==t.base,l=o?e.files.filter(f=>f.href.startsWith(t.self)):e.files,c=o?a[a.length-1]:e.name;document.title=c,document.querySelector("h1").replaceChildren(ce(c)),ri({hash:t.hash,name:e.name,href:V(t,t.base,"view=1")});let p=l.reduce((f,b)=>f+b.size,0),m=bo(l);i.append(u("p",{class:"facts"},`${le(l.length,"file")} · ${at(p)}${e.private?" · private":""}`),u("div",{class:"actions"},m?u("a",{class:"button primary",href:pe(t,m)},Ce(oe.play),"Play"):null,l.length===1&&l[0]?u("a",{class:m?"button":"button primary",href:V(t,l[0].href,"download=1")},"Download"):u("a",{class:m?"button":"button primary",href:V(t,t.self,"format=tar")},"Download all"),au(t,e)),r,n);let g=nu(t,e,l);if(!g){i.append(Ga(t,l,a.length));return}let v=u("details",{class:"all"},u("summary",null,`All ${le(l.length,"file")}`));v.addEventListener("toggle",()=>{v.open&&v.children.length===1&&v.append(Ga(t,l,a.length))}),i.append(g,v)}function nu(t,e,i){let r=c=>i.filter(p=>It(p.type)===c),n=r("video").filter(c=>!go(c)),a=r("audio"),o=r("image"),l=Math.max(n.length,a.length,o.length);return l<2||l>500?null:n.length===l?Ka(t,n):a.length===l?An(t,e,a):o.length>=i.length/2?gl(t,o):null}function au(t,e){let i=t.self,r=e.files.length===1?e.files[0]:void 0,n=e.infohash??"",a=e.infohash_v2??"",l=`magnet:?${[n&&`xt=urn:btih:${n}`,!n&&a&&t.base.includes("/btmh/")&&`xt=urn:btmh:1220${ou(a)}`].filter(Boolean).join("&")}&dn=${encodeURIComponent(e.name)}${t.query?"&"+t.query.slice(1):""}`,p=`curl -C - -o '${(r?ae(r):`${t.path[t.path.length-1]??e.name}.tar`).replace(/[/\\'\0-\x1f]/g,"_")}' '${si(V(t,r?r.href:i,r?"":"format=tar"))}'`;return u("details",{class:"menu"},u("summary",{class:"button"},"More"),u("div",{class:"items"},u("a",{href:l},"Magnet link"),u("button",{type:"button",onclick:m=>{Lt(l,m.currentTarget)}},"Copy the magnet link"),u("a",{href:V(t,t.base,"format=torrent")},"Torrent file"),u("a",{href:V(t,i,"format=tar")},"Archive (tar)"),u("a",{href:V(t,i,"format=m3u8")},"Playlist (m3u8)"),u("button",{type:"button",onclick:m=>{Lt(p,m.currentTarget)}},"Copy the curl line"),u("button",{type:"button",onclick:m=>{Lt(n||a,m.currentTarget)}},"Copy the infohash"),u("a",{href:V(t,i,"format=html")},"Plain page")))}function ou(t){let e=0n,i=0;for(let r of t.toLowerCase()){let n="abcdefghijklmnopqrstuvwxyz234567".indexOf(r);if(n<0)return t;e=e<<5n|BigInt(n),i+=5}return(e>>BigInt(i%8)).toString(16).padStart(2*Math.floor(i/8),"0")}if(/\/-\/app\/app-\w+\.js$/.test(new URL(import.meta.url).pathname)){let t=Eo();switch(t.page){case"start":El(t);break;case"torrent":kl(t);break;case"player":Tl(t);break}}
